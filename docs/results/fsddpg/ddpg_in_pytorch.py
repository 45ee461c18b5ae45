"""DDPG on InvertedPendulum-v4 written a second time, in PyTorch: python3 ddpg_in_pytorch.py [SEEDS] [STEPS]

Spinning Up's settings with 16 x 16 networks, all seeds side by side in batched products. Shares nothing with the library but MuJoCo and the model file.
Every 25 000 steps it prints per seed the training return (mean of 20 episodes) and, over the last 10 000 steps, the critic's median loss and mean value:
what `progress.csv` of `stackelberg train --algo ddpg` has too. Needs python3-torch, a C compiler and libmujoco-dev.
"""
import ctypes
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch

MODEL = pathlib.Path(__file__).parents[3] / "src/Stackelberg.MuJoCo/Models/inverted_pendulum.xml"
SIMULATOR = r"""
#include <mujoco/mujoco.h>
#include <string.h>
static mjModel *model; static mjData *data[256];
int load(const char *file, int count) {
    char error[1000];
    if (!(model = mj_loadXML(file, 0, error, 1000))) return 0;
    for (int i = 0; i < count; i++) data[i] = mj_makeData(model);
    return 1;
}
void reset(int i, const double *state) {
    mj_resetData(model, data[i]);
    memcpy(data[i]->qpos, state, 16); memcpy(data[i]->qvel, state + 2, 16);
    mj_forward(model, data[i]);
}
void step(int i, double force, double *state) {
    data[i]->ctrl[0] = force;
    mj_step(model, data[i]); mj_step(model, data[i]);
    memcpy(state, data[i]->qpos, 16); memcpy(state + 2, data[i]->qvel, 16);
}
"""
LIMIT, GAMMA, POLYAK, BATCH, TIME_LIMIT = 3.0, 0.99, 0.995, 100, 1000


def simulator(count):
    folder = tempfile.mkdtemp()
    library = f"{folder}/simulator.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-x", "c", "-", "-o", library, "-lmujoco"], input=SIMULATOR, text=True, check=True)
    library = ctypes.CDLL(library)
    if not library.load(str(MODEL).encode(), count):
        sys.exit(f"MuJoCo cannot read {MODEL}")
    return library


def pointer(state):
    return state.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


class Networks:
    """One 16 x 16 network per seed, PyTorch's initialisation."""

    def __init__(self, seeds, inputs):
        self.parameters = []
        for rows, columns in ((inputs, 16), (16, 16), (16, 1)):
            bound = 1 / math.sqrt(rows)
            for shape in ((seeds, rows, columns), (seeds, 1, columns)):
                self.parameters.append(torch.empty(shape).uniform_(-bound, bound).requires_grad_())
        self.target = [p.detach().clone() for p in self.parameters]
        self.optimiser = torch.optim.Adam(self.parameters, 1e-3, foreach=True)

    def __call__(self, x, parameters=None):
        w1, b1, w2, b2, w3, b3 = parameters or self.parameters
        return torch.relu(torch.relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3

    def descend(self, loss):
        for parameter, gradient in zip(self.parameters, torch.autograd.grad(loss, self.parameters)):
            parameter.grad = gradient
        self.optimiser.step()

    def track(self):
        torch._foreach_mul_(self.target, POLYAK)
        torch._foreach_add_(self.target, [p.detach() for p in self.parameters], alpha=1 - POLYAK)


def main(seeds=8, steps=100_000):
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    physics = simulator(seeds)
    actor, critic = Networks(seeds, 4), Networks(seeds, 5)
    observations, following = np.zeros((2, seeds, steps, 4), np.float32)
    actions, terminated = np.zeros((2, seeds, steps, 1), np.float32)
    state, length, returns, log = np.zeros((seeds, 4)), np.zeros(seeds, int), [[] for _ in range(seeds)], []
    each = np.arange(seeds)[:, None]

    def policy(observation, parameters=None):
        return LIMIT * torch.tanh(actor(observation, parameters))

    def reset(seed):
        state[seed], length[seed] = random.uniform(-0.01, 0.01, 4), 0
        physics.reset(seed, pointer(state[seed]))

    for seed in range(seeds):
        reset(seed)
    for step in range(steps):
        if step < 10_000:
            action = random.uniform(-LIMIT, LIMIT, seeds)
        else:
            with torch.no_grad():
                greedy = policy(torch.tensor(state, dtype=torch.float32)[:, None]).numpy()[:, 0, 0]
            action = np.clip(greedy + 0.1 * LIMIT * random.standard_normal(seeds), -LIMIT, LIMIT)
        observations[:, step], actions[:, step, 0] = state, action
        for seed in range(seeds):
            physics.step(seed, ctypes.c_double(action[seed]), pointer(state[seed]))
        length += 1
        following[:, step], terminated[:, step, 0] = state, np.abs(state[:, 1]) > 0.2
        for seed in range(seeds):
            if terminated[seed, step, 0] or length[seed] == TIME_LIMIT:
                returns[seed].append(length[seed])
                reset(seed)
        if step + 1 >= 1000 and (step + 1) % 50 == 0:
            for _ in range(50):
                rows = random.integers(0, step + 1, (seeds, BATCH))
                s, a, s2, end = (torch.from_numpy(x[each, rows]) for x in (observations, actions, following, terminated))
                with torch.no_grad():
                    y = 1 + GAMMA * (1 - end) * critic(torch.cat([s2, policy(s2, actor.target)], -1), critic.target)
                q = critic(torch.cat([s, a], -1))
                loss = ((q - y) ** 2).mean((1, 2))
                critic.descend(loss.sum())
                actor.descend(-critic(torch.cat([s, policy(s)], -1)).mean((1, 2)).sum())
                actor.track()
                critic.track()
            log.append((loss.detach().numpy(), q.detach().mean((1, 2)).numpy()))
        if (step + 1) % 25_000 == 0:
            losses, values = map(np.array, zip(*log[-200:]))
            print(f"step {step + 1}")
            print("  return", *(f"{np.mean(r[-20:]):.0f}" for r in returns))
            print("  loss  ", *(f"{x:.0f}" for x in np.median(losses, 0)))
            print("  value ", *(f"{x:.0f}" for x in values.mean(0)), flush=True)


if __name__ == "__main__":
    main(*(int(float(argument)) for argument in sys.argv[1:3]))
