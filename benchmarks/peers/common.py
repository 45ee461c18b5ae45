"""Shared pieces of the PyTorch peer benchmarks: networks, timing, one JSON line per run.

Every script accepts the same switches (see `arguments`) and prints exactly one JSON object.
`--style plain` writes the update tensor by tensor, as most implementations do; `--style tuned` uses the
multi-tensor (`foreach`) Adam and polyak kernels, PyTorch's fastest eager form on a CPU.

Import this module before torch: unless PEER_AS_FOUND is set it gives PyTorch its best environment.
A preset OpenBLAS core type can halve its matrix products, its vector code defaults to AVX2, and glibc
hands large gradients back to the system after every update.
"""
import argparse
import ctypes
import json
import os
import statistics
import sys
import time

if "PEER_AS_FOUND" not in os.environ:
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")
    # OpenBLAS has a pool of its own, which torch.set_num_threads does not bound
    threads = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv else "1"
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = threads
    libc = ctypes.CDLL(None)
    libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    libc.mallopt(-1, (1 << 31) - 1)  # M_TRIM_THRESHOLD

import numpy as np
import torch
from torch import nn


def arguments(description, hidden=64, batch=100, obs=17, act=6):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=hidden, help="width of both hidden layers")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--obs", type=int, default=obs)
    parser.add_argument("--act", type=int, default=act)
    parser.add_argument("--style", choices=["plain", "tuned"], default="tuned")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="length of one repeat")
    return parser


def start(parser):
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    np.random.seed(0)
    return args


def mlp(sizes, activation, output=nn.Identity):
    layers = []
    for i in range(len(sizes) - 1):
        layers += [nn.Linear(sizes[i], sizes[i + 1]), activation() if i < len(sizes) - 2 else output()]
    return nn.Sequential(*layers)


class Actor(nn.Module):
    """Deterministic policy, ReLU hidden layers, tanh output."""

    def __init__(self, obs, act, hidden):
        super().__init__()
        self.net = mlp([obs, hidden, hidden, act], nn.ReLU, nn.Tanh)

    def forward(self, obs):
        return self.net(obs)


class Critic(nn.Module):
    """Q(s, a) with ReLU hidden layers (or tanh, for a loss with a curvature everywhere)."""

    def __init__(self, obs, act, hidden, activation=nn.ReLU):
        super().__init__()
        self.net = mlp([obs + act, hidden, hidden, 1], activation)

    def forward(self, obs, act):
        return self.net(torch.cat([obs, act], dim=-1)).squeeze(-1)


class GaussianActor(nn.Module):
    """Tanh MLP mean, state-independent log standard deviation."""

    def __init__(self, obs, act, hidden):
        super().__init__()
        self.net = mlp([obs, hidden, hidden, act], nn.Tanh)
        self.log_std = nn.Parameter(-0.5 * torch.ones(act))

    def log_prob(self, obs, act):
        z = (act - self.net(obs)) * torch.exp(-self.log_std)
        return -0.5 * (z * z).sum(-1) - self.log_std.sum() - 0.9189385332046727 * act.shape[-1]

    def entropy(self):
        return self.log_std.sum() + 1.4189385332046727 * self.log_std.shape[0]


def transitions(args):
    return dict(
        obs=torch.randn(args.batch, args.obs),
        act=torch.rand(args.batch, args.act) * 2 - 1,
        rew=torch.randn(args.batch),
        obs2=torch.randn(args.batch, args.obs),
        done=(torch.rand(args.batch) < 0.05).float(),
    )


def adam(params, lr, style, **kw):
    return torch.optim.Adam(params, lr=lr, foreach=(style == "tuned"), **kw)


def polyak(online, target, rho, style):
    with torch.no_grad():
        if style == "tuned":
            torch._foreach_mul_(target, rho)
            torch._foreach_add_(target, online, alpha=1 - rho)
        else:
            for p, t in zip(online, target):
                t.mul_(rho).add_((1 - rho) * p)


def freeze(params, frozen):
    for p in params:
        p.requires_grad = not frozen


def flat(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def conjugate_gradient(product, b, iterations, tolerance=0.0):
    """Solves product(x) = b from x = 0; exactly one product per iteration."""
    x = torch.zeros_like(b)
    r = b.clone()
    p = b.clone()
    rr = torch.dot(r, r)
    done = 0
    for done in range(1, iterations + 1):
        ap = product(p)
        alpha = rr / torch.dot(p, ap)
        x.add_(alpha * p)
        r.sub_(alpha * ap)
        rr_new = torch.dot(r, r)
        if tolerance > 0 and rr_new < tolerance:
            break
        p = r + (rr_new / rr) * p
        rr = rr_new
    return x, done


def set_grad(params, vector):
    index = 0
    for p in params:
        n = p.numel()
        p.grad = vector[index:index + n].view_as(p)
        index += n


def discount_cumsum(x, discount):
    from scipy.signal import lfilter
    return lfilter([1], [1, -float(discount)], x[::-1], axis=0)[::-1]


def bench(step, args):
    """Times `step` as `repeats` repeats of about `seconds` each; microseconds per call.

    `cpu_*` is the process's own processor time: on a machine shared with other work it leaves out the
    moments the process was not running (with one thread it equals wall time on an idle machine).
    """
    step()
    begin = time.perf_counter()
    calls = 0
    while time.perf_counter() - begin < 0.3:
        step()
        calls += 1
    inner = max(1, int(args.seconds * calls / (time.perf_counter() - begin)))
    wall, cpu = [], []
    for _ in range(args.repeats):
        begin, cpu_begin = time.perf_counter(), time.process_time()
        for _ in range(inner):
            step()
        cpu.append((time.process_time() - cpu_begin) / inner * 1e6)
        wall.append((time.perf_counter() - begin) / inner * 1e6)
    return dict(min_us=round(min(wall), 2), median_us=round(statistics.median(wall), 2),
                max_us=round(max(wall), 2), cpu_min_us=round(min(cpu), 2),
                cpu_median_us=round(statistics.median(cpu), 2), inner=inner, repeats=args.repeats)


def report(name, args, **figures):
    print(json.dumps(dict(
        bench=name, peer="pytorch", torch=torch.__version__, threads=torch.get_num_threads(),
        hidden=args.hidden, batch=args.batch, obs=args.obs, act=args.act, style=args.style,
        environment="as found" if "PEER_AS_FOUND" in os.environ else "best", **figures)))
