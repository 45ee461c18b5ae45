"""Recomputes the leader's gradient of an exported ST-DDPG run by double backward: recompute_st_ddpg.py DIR. Needs NumPy and PyTorch."""
import json
import sys
import numpy as np
import torch

folder = sys.argv[1]
o, exported = json.load(open(f"{folder}/options.json")), np.load(f"{folder}/hypergradient.npz")
h, batch = o["hypergradient"], {name: torch.from_numpy(array) for name, array in np.load(f"{folder}/batch.npz").items()}
kind = (o["base"], o["leader"], o["follower_loss"], o["target_policy"], h["solver"], h["curvature"], h["sign"], h["negative_curvature"], h["warm_start"])
if kind != ("ddpg", "actor", "bellman", "current", "cg", "hessian", "minus", "continue", False):
    sys.exit(f"This is not plain ST-DDPG with its actor leading: {kind}.")


def load(name):
    data = open(f"{folder}/{name}.safetensors", "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    entries, values = json.loads(data[8:start]), np.frombuffer(data[start:], dtype="<f8")
    part = lambda e: torch.tensor(values[e["data_offsets"][0] // 8:e["data_offsets"][1] // 8].reshape(e["shape"]), requires_grad=True)
    return [part(entries[f"layers.{i}.{kind}"]) for i in range(len(entries) // 2) for kind in ("weight", "bias")]


def network(parameters, form, x):
    apply = {"relu": torch.relu, "tanh": torch.tanh, "identity": lambda v: v}
    for i in range(0, len(parameters), 2):
        x = apply[form["output_activation" if i + 2 == len(parameters) else "hidden_activation"]](x @ parameters[i].T + parameters[i + 1])
    return x


# as double from the start: 0.4 through single precision is another number
centre, half_range = (torch.tensor(o[key], dtype=torch.float64) for key in ("action_centre", "action_half_range"))
act = lambda theta, s: centre + half_range * network(theta, o["actor"], s)
value = lambda w, s, a: network(w, o["critic"], torch.cat([s, a], 1)).squeeze(1)
flat = lambda parts: torch.cat([part.flatten() for part in parts])
gradient = lambda f, x, graph=False: flat(torch.autograd.grad(f, x, create_graph=graph, retain_graph=True))

# f1 and f2, and the gradient of f2 as a function that can be differentiated again
(theta, w), s, next_s = (load("actor"), load("critic")), batch["observations"], batch["next_observations"]
actor_loss = -value(w, s, act(theta, s)).mean()
y = batch["rewards"] + o["gamma"] * (1 - batch["terminated"].double()) * value(load("target_critic"), next_s, act(theta, next_s))
follower_gradient = gradient(((value(w, s, batch["actions"]) - y) ** 2).mean(), w, graph=True)
found = {"direct": gradient(actor_loss, theta), "right_hand_side": (b := gradient(actor_loss, w))}

# conjugate gradients, orthogonal to rounding: with the plain recurrence ten iterations determine four digits or fewer
x, r, p, basis = torch.zeros_like(b), b, b, []
while len(basis) < h["iterations"] and r.norm() > h["tolerance"] * b.norm():
    q = gradient(follower_gradient @ p, w) + h["damping"] * p
    x, old, basis = x + (r @ r) / (p @ q) * p, r, basis + [r / r.norm()]
    r = r - (r @ r) / (p @ q) * q
    for unit in 2 * basis:
        r = r - (unit @ r) * unit
    p = r + (r @ r) / (old @ old) * p

# D f1 = d1 f1 - (d12 f2)(d22 f2 + damping)^-1 d2 f1
found |= {"solution": x, "implicit": gradient(follower_gradient @ x, theta)}
found["total"] = found["direct"] - o["result"]["scale"] * found["implicit"]
for name, mine in found.items():
    error = np.linalg.norm(mine.numpy() - exported[name]) / np.linalg.norm(exported[name])
    print(f"{name:16} norm {mine.norm():.6e}  relative difference {error:.1e}")
sys.exit(0 if error <= 1e-9 else 1)
