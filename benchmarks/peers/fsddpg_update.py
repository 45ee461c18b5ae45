"""(d) One fast Stackelberg-DDPG (FSDDPG) update: the critic Hessian is replaced by a cheap Gauss-Newton form.

--curvature scalar   : the listing in the FSDDPG paper's appendix I (outer products of batch-mean gradients, diagonal
                       inverse), reduced to the one scalar S that it amounts to: actor gradient g_theta (1 + S),
                       S = sum 2 g_w^2 / (2 g_w^2 + 1e-5).  DDPG's critic step first.
--curvature outer    : the same listing with its (critic x actor parameters) matrix formed, as listed.
--curvature diagonal : per-sample form, (2/B) sum_i (dQ_i/dw)^2 elementwise, exact, from one backward pass (inputs
                       and output gradients of each Linear are captured; squares multiplied), exact mixed term.
--curvature rank-one : 2 g g^T with g = mean_i dQ_i/dw, inverted by Sherman-Morrison, exact mixed term.
"""
from common import *  # first: it sets the environment that torch reads when loaded

from copy import deepcopy

import torch
from torch import nn

parser = arguments(__doc__)
parser.add_argument("--curvature", choices=["scalar", "outer", "diagonal", "rank-one"], default="scalar")
parser.add_argument("--damping", type=float, default=1.0)
args = start(parser)
actor, critic = Actor(args.obs, args.act, args.hidden), Critic(args.obs, args.act, args.hidden)
actor_t, critic_t = deepcopy(actor), deepcopy(critic)
pi, q = list(actor.parameters()), list(critic.parameters())
online, target = pi + q, list(actor_t.parameters()) + list(critic_t.parameters())
freeze(target, True)
pi_opt, q_opt = adam(pi, 1e-4, args.style), adam(q, 1e-4, args.style)
batch = transitions(args)
linears = [m for m in critic.net if isinstance(m, nn.Linear)]


def critic_with_tape(o, a):
    """Critic forward that also returns each Linear's input and output."""
    x, tape = torch.cat([o, a], dim=-1), []
    for m in critic.net:
        y = m(x)
        if isinstance(m, nn.Linear):
            tape.append((x, y))
        x = y
    return x.squeeze(-1), tape


def inverse_product(q_sa, tape, v):
    if args.curvature == "rank-one":
        g = flat(torch.autograd.grad(q_sa.mean(), q, retain_graph=True))
        return (v - g * (2 * torch.dot(g, v) / (args.damping + 2 * torch.dot(g, g)))) / args.damping
    outputs = [y for _, y in tape]
    deltas = torch.autograd.grad(q_sa.sum(), outputs, retain_graph=True)
    diagonal = []
    for (x, _), delta in zip(tape, deltas):
        d2 = delta * delta
        diagonal += [d2.t() @ (x.detach() ** 2), d2.sum(0)]
    return v / (flat(diagonal) * (2.0 / args.batch) + args.damping)


def listing_update():
    o, a, r, o2, d = (batch[k] for k in ("obs", "act", "rew", "obs2", "done"))
    with torch.no_grad():
        backup = r + 0.99 * (1 - d) * critic_t(o2, actor_t(o2))
    q_opt.zero_grad(set_to_none=True)
    ((critic(o, a) - backup) ** 2).mean().backward()
    q_opt.step()
    grads = torch.autograd.grad(-critic(o, actor(o)).mean(), pi + q)
    g_theta, g_w = flat(grads[:len(pi)]), flat(grads[len(pi):])
    if args.curvature == "outer":
        k1 = 2 * torch.outer(g_w, g_theta)
        total = g_theta + k1.t() @ (g_w / (2 * g_w * g_w + 1e-5))
    else:
        square = 2 * g_w * g_w
        total = g_theta * (1 + (square / (square + 1e-5)).sum())
    set_grad(pi, total)
    pi_opt.step()
    polyak(online, target, 0.995, args.style)


def hypergradient_update():
    o, a, r, o2, d = (batch[k] for k in ("obs", "act", "rew", "obs2", "done"))
    backup = r + 0.99 * (1 - d) * critic_t(o2, actor(o2))
    q_sa, tape = critic_with_tape(o, a)
    loss_q = ((q_sa - backup) ** 2).mean()
    loss_pi = -critic(o, actor(o)).mean()
    grads = torch.autograd.grad(loss_pi, pi + q)
    j_theta, j_w = flat(grads[:len(pi)]), flat(grads[len(pi):])
    l_w = flat(torch.autograd.grad(loss_q, q, create_graph=True))
    x = inverse_product(q_sa, tape, j_w)
    mixed = flat(torch.autograd.grad(l_w, pi, x))
    set_grad(pi, j_theta - mixed)
    set_grad(q, l_w.detach())
    q_opt.step()
    pi_opt.step()
    polyak(online, target, 0.995, args.style)


update = listing_update if args.curvature in ("scalar", "outer") else hypergradient_update
report("fsddpg_update", args, curvature=args.curvature, **bench(update, args))
