"""Recomputes the leader's gradient of an exported BLPO run, or of a STAC run in its official form, by double backward: recompute_blpo.py DIR. Needs NumPy and PyTorch."""
import json
import math
import sys
import numpy as np
import torch

folder = sys.argv[1]
o, exported = json.load(open(f"{folder}/options.json")), np.load(f"{folder}/hypergradient.npz")
h, batch = o["hypergradient"], {name: torch.from_numpy(array) for name, array in np.load(f"{folder}/batch.npz").items()}
ppo, response = o["base"] == "ppo", o.get("response", {"critic_objective": "mean-value", "weights": "sampled"})
kind = (o["leader"], o.get("form", "official"), response["weights"], h["solver"], h["curvature"], h["sign"], h["negative_curvature"], h["warm_start"])
if o["base"] not in ("ppo", "ac") or kind != ("actor", "official", "sampled", "cg", "hessian", "minus", "continue", False) or "critic_features" in o:
    sys.exit(f"This is no BLPO, and no STAC in official form, with plain conjugate gradients and its actor leading: {o['base']}, {kind}.")


def load(name):
    data = open(f"{folder}/{name}.safetensors", "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    entries, values = json.loads(data[8:start]), np.frombuffer(data[start:], dtype="<f8")
    part = lambda e: torch.tensor(values[e["data_offsets"][0] // 8:e["data_offsets"][1] // 8].reshape(e["shape"]), requires_grad=True)
    layers = [f"layers.{i}.{kind}" for i in range(len(o[name]["widths"]) - 1) for kind in ("weight", "bias")]
    return [part(entries[key]) for key in layers + ["log_std"] * ("log_std" in entries)]


def network(parameters, form, x):
    apply = {"relu": torch.relu, "tanh": torch.tanh, "identity": lambda v: v}
    last = 2 * (len(form["widths"]) - 2)
    for i in range(0, last + 1, 2):
        x = apply[form["output_activation" if i == last else "hidden_activation"]](x @ parameters[i].T + parameters[i + 1])
    return x


def policy(theta):
    """log π of the batch's actions, and the mean entropy."""
    output, actions = network(theta, o["actor"], batch["observations"]), batch["actions"]
    if o["policy"] == "categorical":
        logs = torch.log_softmax(output, 1)
        return logs.gather(1, actions.long()).squeeze(1), -(logs.exp() * logs).sum(1).mean()
    z, log_std = (actions - output) / theta[-1].exp(), theta[-1] + math.log(2 * math.pi) / 2
    return (-z ** 2 / 2 - log_std).sum(1), (log_std + 0.5).sum()


def advantages(v, ends):
    """Generalised advantage estimation, a trajectory at a time; of what normalises it the mean moves with the critic, the scale does not."""
    parts = []
    for k, (start, length) in enumerate(zip(batch["starts"].tolist(), batch["lengths"].tolist())):
        own = v[start:start + length]
        delta = batch["rewards"][start:start + length] + o["gamma"] * torch.cat([own[1:], ends[k:k + 1]]) - own
        age = torch.arange(length)[None, :] - torch.arange(length)[:, None]
        parts.append(torch.triu((o["gamma"] * o["gae_lambda"]) ** age.clamp(min=0).double()) @ delta)
    raw = torch.cat(parts)
    return (raw - raw.mean()) / (raw.std(unbiased=False) + (1e-8 if ppo else 0)).detach() if o["normalise_advantages"] else raw


def surrogate(ratio, advantage, clip):
    clip = math.inf if clip is None else clip
    return torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)


value = lambda w, s: network(w, o["critic"], s).squeeze(1)
flat = lambda parts: torch.cat([part.flatten() for part in parts])
gradient = lambda f, x, graph=False: flat(torch.autograd.grad(f, x, create_graph=graph, retain_graph=True))

# f1 by either player, and what of f2 depends on both
theta, w = load("actor"), load("critic")
(logs, entropy), v, steps = policy(theta), value(w, batch["observations"]), o["batch_size"]
error = batch["targets"] - v
if ppo:
    advantage = advantages(v, batch["goes_on"].double() * value(w, batch["end_observations"]))
    ratio = (logs - batch["log_probabilities"]).exp()
    f1 = -surrogate(ratio, advantage, o["clip"]).mean() - o["entropy_coefficient"] * entropy
    if response["form"] == "running-mean":
        error = (error / torch.arange(1, steps + 1)).flip(0).cumsum(0).flip(0)
    f2 = (-2 if response["sign"] == "released" else 2) * (surrogate(ratio, advantage, response["clip"]) * error).sum()
    f2 = f2 / steps if response["reduction"] == "mean" else f2
else:
    # the critic's value after a trajectory, and the advantages as weights, are those of the moment of collection
    advantage = advantages(v, batch["end_values"]).detach()
    f1 = -(logs * advantage).mean()
    f2 = -2 * f1 * error[0]
found = {"advantages": advantage.detach(), "direct": gradient(f1, theta)}
found["right_hand_side"] = b = gradient(f1 if response["critic_objective"] == "gae" else -v.mean(), w)

# conjugate gradients on the Hessian of the critic's squared error, orthogonal to rounding: the plain recurrence determines fewer digits
follower_gradient = gradient(((v - batch["targets"]) ** 2).mean(), w, graph=True)
x, r, p, basis = torch.zeros_like(b), b, b, []
while len(basis) < h["iterations"] and r.norm() > h["tolerance"] * b.norm():
    q = gradient(follower_gradient @ p, w) + h["damping"] * p
    x, old, basis = x + (r @ r) / (p @ q) * p, r, basis + [r / r.norm()]
    r = r - (r @ r) / (p @ q) * q
    for unit in 2 * basis:
        r = r - (unit @ r) * unit
    p = r + (r @ r) / (old @ old) * p

# D f1 = d1 f1 - (d12 f2)(d22 f2 + damping)^-1 d2 f1
found |= {"solution": x, "implicit": gradient(gradient(f2, w, graph=True) @ x, theta)}
found["total"] = found["direct"] - o["result"]["scale"] * found["implicit"]
for name, mine in found.items():
    theirs = batch["advantages"].numpy() if name == "advantages" else exported[name]
    error = np.linalg.norm(mine.numpy() - theirs) / np.linalg.norm(theirs)
    print(f"{name:16} norm {mine.norm():.6e}  relative difference {error:.1e}")
sys.exit(0 if error <= 1e-9 else 1)
