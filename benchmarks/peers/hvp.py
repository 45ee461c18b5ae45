"""Hessian-vector products of a critic's squared loss by double backward, at fixed parameters and batch."""
from common import *  # first: it sets the environment that torch reads when loaded

import torch
from torch import nn

args = start(arguments(__doc__, batch=100, obs=23, act=1))
value = mlp([args.obs, args.hidden, args.hidden, 1], nn.Tanh)
v = list(value.parameters())
obs, targets = torch.randn(args.batch, args.obs), torch.randn(args.batch)
loss = ((value(obs).squeeze(-1) - targets) ** 2).mean()
gradient = flat(torch.autograd.grad(loss, v, create_graph=True))
direction = torch.randn_like(gradient)


def product():
    return flat(torch.autograd.grad(gradient, v, direction, retain_graph=True))


report("hvp", args, **bench(product, args))
