#!/usr/bin/env python3
"""Recomputes the leader's gradient of an exported ST-DDPG run by double backward: recompute_st_ddpg.py DIR. Needs NumPy and PyTorch."""
import json
import sys

import numpy as np
import torch


def safetensors(path):
    data = open(path, "rb").read()
    size = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + size + begin:8 + size + end], dtype="<f8")
        tensors[name] = torch.tensor(values.reshape(entry["shape"]), dtype=torch.float64, requires_grad=True)
    return [tensors[f"layers.{i}.{kind}"] for i in range(len(tensors) // 2) for kind in ("weight", "bias")]


def network(parameters, form, x):
    apply = {"relu": torch.relu, "tanh": torch.tanh, "identity": lambda v: v}
    for i in range(0, len(parameters), 2):
        last = i + 2 == len(parameters)
        x = apply[form["output_activation" if last else "hidden_activation"]](x @ parameters[i].T + parameters[i + 1])
    return x


def gradient(value, parameters, graph=False):
    parts = torch.autograd.grad(value, parameters, create_graph=graph, retain_graph=True, allow_unused=True)
    return torch.cat([(torch.zeros_like(p) if g is None else g).flatten() for p, g in zip(parameters, parts)])


def conjugate_gradients(product, b, options):
    x, r, p, rr, basis = torch.zeros_like(b), b, b, b @ b, []
    for _ in range(options["iterations"]):
        q = product(p)
        curvature = p @ q
        if rr.sqrt() <= options["tolerance"] * b.norm() or curvature == 0 or (curvature < 0 and options["negative_curvature"] == "stop"):
            break
        basis.append(r / rr.sqrt())
        x, r = x + rr / curvature * p, r - rr / curvature * q
        for unit in 2 * basis:  # as in exact arithmetic: without this, ten iterations determine four digits or fewer
            r = r - (unit @ r) * unit
        p, rr = r + (r @ r) / rr * p, r @ r
    return x


folder = sys.argv[1]
o = json.load(open(f"{folder}/options.json"))
h = o["hypergradient"]
if (o["base"], h["solver"], h["curvature"]) != ("ddpg", "cg", "hessian") or h["warm_start"] or h["iterations"] > 32:
    sys.exit("This script knows DDPG's networks and at most 32 iterations of plain cg on the Hessian.")
batch = {name: torch.from_numpy(a) for name, a in np.load(f"{folder}/batch.npz").items()}
theta, w, theta_target, w_target = (safetensors(f"{folder}/{n}.safetensors") for n in ("actor", "critic", "target_actor", "target_critic"))
centre, half = (torch.tensor(o[f"action_{n}"], dtype=torch.float64) for n in ("centre", "half_range"))


def act(parameters, s):
    return centre + half * network(parameters, o["actor"], s)


def value(parameters, s, a):
    return network(parameters, o["critic"], torch.cat([s, a], 1)).squeeze(1)


s, next_s = batch["observations"], batch["next_observations"]
actor_loss = -value(w, s, act(theta, s)).mean()
bootstrap = value(w_target, next_s, act(theta if o["target_policy"] == "current" else theta_target, next_s))
y = batch["rewards"] + o["gamma"] * (1 - batch["terminated"].double()) * bootstrap
bellman = o["follower_loss"] == "bellman"
taken_loss = ((value(w, s, batch["actions"]) - y) ** 2).mean()
critic_loss = taken_loss if bellman else ((value(w, s, act(theta, s)) - y.detach()) ** 2).mean()

# D f1 = d1 f1 - (d12 f2)(d22 f2 + damping)^-1 d2 f1; the critic's own direct gradient is that of its loss at the batch's actions
actor_leads = o["leader"] == "actor"
x1, x2, f1, f2 = (theta, w, actor_loss, critic_loss) if actor_leads else (w, theta, critic_loss, actor_loss)
follower_gradient = gradient(f2, x2, graph=True)
found = {"direct": gradient(f1 if actor_leads else taken_loss, x1), "right_hand_side": gradient(f1, x2)}
found["solution"] = conjugate_gradients(
    lambda v: gradient(follower_gradient @ v, x2) + h["damping"] * v, found["right_hand_side"], h)
found["implicit"] = gradient(follower_gradient @ found["solution"], x1) * (-1 if h["sign"] == "plus" else 1)
found["total"] = found["direct"] - o["result"]["scale"] * found["implicit"]

exported = np.load(f"{folder}/hypergradient.npz")
errors = {n: np.linalg.norm(v.numpy() - exported[n]) / np.linalg.norm(exported[n]) for n, v in found.items()}
for name, error in errors.items():
    print(f"{name:16} norm {np.linalg.norm(exported[name]):.6e}  relative difference {error:.1e}")
sys.exit(0 if errors["total"] <= 1e-9 else 1)
