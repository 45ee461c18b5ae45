"""(c) One Stackelberg-DDPG update, actor leads: dJ/dtheta minus the implicit term solved by CG.

J(theta, w) = -mean Q_w(s, pi_theta(s)); L(theta, w) = mean (Q_w(s, a) - y_theta)^2 with the Bellman
target evaluated at the online policy, so that L depends on theta.  The Hessian-vector products are
double-backward products on one retained graph.
Prints the whole update and the leader's gradient alone.
"""
from common import *  # first: it sets the environment that torch reads when loaded

from copy import deepcopy

import torch
from torch import nn

parser = arguments(__doc__)
parser.add_argument("--cg", type=int, default=5)
parser.add_argument("--damping", type=float, default=1.0)
parser.add_argument("--critic-activation", choices=["relu", "tanh"], default="relu")
args = start(parser)
activation = nn.Tanh if args.critic_activation == "tanh" else nn.ReLU
actor, critic = Actor(args.obs, args.act, args.hidden), Critic(args.obs, args.act, args.hidden, activation)
actor_t, critic_t = deepcopy(actor), deepcopy(critic)
pi, q = list(actor.parameters()), list(critic.parameters())
online, target = pi + q, list(actor_t.parameters()) + list(critic_t.parameters())
freeze(target, True)
pi_opt, q_opt = adam(pi, 1e-4, args.style), adam(q, 1e-4, args.style)
batch = transitions(args)


def losses():
    o, a, r, o2, d = (batch[k] for k in ("obs", "act", "rew", "obs2", "done"))
    backup = r + 0.99 * (1 - d) * critic_t(o2, actor(o2))
    return -critic(o, actor(o)).mean(), ((critic(o, a) - backup) ** 2).mean()


def leader_gradient():
    """Returns the leader's total gradient and the follower's own gradient, both flat."""
    loss_pi, loss_q = losses()
    grads = torch.autograd.grad(loss_pi, pi + q)
    j_theta, j_w = flat(grads[:len(pi)]), flat(grads[len(pi):])
    l_w = flat(torch.autograd.grad(loss_q, q, create_graph=True))

    def product(v):
        return flat(torch.autograd.grad(l_w, q, v, retain_graph=True)).add_(v, alpha=args.damping)

    x, _ = conjugate_gradient(product, j_w, args.cg)
    mixed = flat(torch.autograd.grad(l_w, pi, x))
    return j_theta - mixed, l_w.detach()


def update():
    total, l_w = leader_gradient()
    set_grad(pi, total)
    set_grad(q, l_w)
    q_opt.step()
    pi_opt.step()
    polyak(online, target, 0.995, args.style)


whole = bench(update, args)
alone = bench(leader_gradient, args)
report("sddpg_cg_update", args, cg=args.cg, critic_activation=args.critic_activation, **whole,
       leader_min_us=alone["min_us"], leader_median_us=alone["median_us"])
