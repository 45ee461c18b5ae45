#!/usr/bin/env python3
"""Writes cartpole_reference.csv: cart-pole trajectories computed from the published equations in IEEE doubles.

Barto, Sutton, Anderson (1983), with the parameters, the order of operations and the float32 rounding of observations that
Gymnasium documents for CartPole. Independent of the product: run `python3 cartpole_reference.py > cartpole_reference.csv` to renew it.

A row holds the physical quantities in double precision (17 digits), the observation rounded to single precision, the reward and
whether the episode terminated. Row 0 of a trajectory is its start. Numbers are exact: 17 digits identify a double.
"""
import math
import struct

FORCE, GRAVITY, CART, POLE, HALF_LENGTH, INTERVAL = 10.0, 9.8, 1.0, 0.1, 0.5, 0.02
TOTAL = POLE + CART
MOMENT = POLE * HALF_LENGTH
ANGLE_LIMIT = 12 * 2 * math.pi / 360
POSITION_LIMIT = 2.4


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def advance(state, action, semi_implicit):
    x, v, angle, rate = state
    push = FORCE if action == 1 else -FORCE
    cosine, sine = math.cos(angle), math.sin(angle)
    common = (push + MOMENT * (rate * rate) * sine) / TOTAL
    angular = (GRAVITY * sine - cosine * common) / (HALF_LENGTH * (4.0 / 3.0 - POLE * (cosine * cosine) / TOTAL))
    linear = common - MOMENT * angular * cosine / TOTAL
    if semi_implicit:
        v = v + INTERVAL * linear
        x = x + INTERVAL * v
        rate = rate + INTERVAL * angular
        angle = angle + INTERVAL * rate
    else:
        x = x + INTERVAL * v
        v = v + INTERVAL * linear
        angle = angle + INTERVAL * rate
        rate = rate + INTERVAL * angular
    fell = x < -POSITION_LIMIT or x > POSITION_LIMIT or angle < -ANGLE_LIMIT or angle > ANGLE_LIMIT
    return (x, v, angle, rate), fell


def alternate(step, state):
    return step % 2


def push_right(step, state):
    return 1


def balance(step, state):
    # A stabilising feedback, so that one trajectory is long and covers both signs of every quantity.
    return 1 if state[2] + 0.5 * state[3] + 0.02 * state[0] + 0.05 * state[1] > 0 else 0


def scrambled(step, state):
    return (step * step * 7 + step * 3 + 1) // 5 % 2


def drift(step, state):
    # Keeps the pole leaning right so that the cart runs out of the track with the pole still up.
    return 1 if state[2] - 0.06 + 0.5 * state[3] > 0 else 0


# Fast rotation, where the centrifugal term is large enough for its rounding to be seen.
FAST = [(0.3, -1.7, -0.1, 5.4841), (-0.2, 2.9, -0.2, 6.023), (1.1, 0.4, 0.15, 9.7636), (-2.1, -3.3, -0.2, 10.9048), (0.7, 5.2, 0.05, 5.2305)]

CASES = [
    ("alternate", "euler", (0.01, -0.02, 0.03, -0.04), alternate, 200),
    ("push_right", "euler", (0.0, 0.0, 0.0, 0.0), push_right, 200),
    ("balance", "euler", (-0.049, 0.05, -0.0123456789, 0.031), balance, 500),
    ("scrambled", "euler", (0.0421, -0.0337, 0.0049, 0.0193), scrambled, 200),
    ("drift", "euler", (0.02, 0.01, 0.04, -0.03), drift, 500),
    ("alternate_semi_implicit", "semi-implicit", (0.01, -0.02, 0.03, -0.04), alternate, 200),
    ("balance_semi_implicit", "semi-implicit", (-0.049, 0.05, -0.0123456789, 0.031), balance, 500),
    *((f"fast_{k}", "euler", start, scrambled, 20) for k, start in enumerate(FAST)),
]

print("case,integrator,step,action,x,x_dot,theta,theta_dot,observation0,observation1,observation2,observation3,reward,terminated")
for name, integrator, state, policy, steps in CASES:
    rows = [(0, -1, state, 0.0, False)]
    for step in range(steps):
        action = policy(step, state)
        state, fell = advance(state, action, integrator != "euler")
        rows.append((step + 1, action, state, 1.0, fell))
        if fell:
            break
    for step, action, values, reward, fell in rows:
        numbers = [f"{v:.17g}" for v in values] + [f"{single(v):.17g}" for v in values]
        print(",".join([name, integrator, str(step), str(action), *numbers, f"{reward:g}", str(int(fell))]))
