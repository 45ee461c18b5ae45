#!/usr/bin/env python3
"""Writes reference trajectories of Acrobot, Pendulum, MountainCar and MountainCarContinuous in IEEE doubles.

    python3 classic_control_reference.py acrobot > acrobot_reference.csv
    python3 classic_control_reference.py pendulum > pendulum_reference.csv
    python3 classic_control_reference.py mountain_car > mountain_car_reference.csv
    python3 classic_control_reference.py mountain_car_continuous > mountain_car_continuous_reference.csv

Independent of the product. Equations: Sutton (1996) and Sutton and Barto (first edition, 11.3) for the acrobot; a uniform rod about its end for
the pendulum; Moore (1990) for the car; with the parameters, the order of operations and the roundings that Gymnasium documents. A row holds
the physical quantities (17 digits identify a double), the observation rounded to single precision, reward and termination; row 0 is the
start. Powers are the C library's pow, as Python's ** on floats.
"""
import math
import struct
import sys

PI = math.pi


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


# --- acrobot -------------------------------------------------------------------------------------------------------------------------
# All masses, lengths and inertias are 1, the centres of mass half-way, so those factors are written as numbers.


def acrobot_acceleration(q, torque, book):
    t1, t2, w1, w2 = q
    a = 0.25 + (1.25 + math.cos(t2)) + 1.0 + 1.0
    b = (0.25 + 0.5 * math.cos(t2)) + 1.0
    gravity2 = 0.5 * 9.8 * math.cos(t1 + t2 - PI / 2.0)
    gravity1 = -0.5 * w2 ** 2 * math.sin(t2) - w2 * w1 * math.sin(t2) + 1.5 * 9.8 * math.cos(t1 - PI / 2) + gravity2
    if book:
        top = torque + b / a * gravity1 - 0.5 * w1 ** 2 * math.sin(t2) - gravity2
    else:
        top = torque + b / a * gravity1 - gravity2
    second = top / (1.25 - b ** 2 / a)
    return [w1, w2, -(b * second + gravity1) / a, second]


def acrobot(state, action, book):
    torque = [-1.0, 0.0, 1.0][action]
    h = 0.2
    slopes = [acrobot_acceleration(state, torque, book)]
    for reach in (h / 2.0, h / 2.0, h):
        slopes.append(acrobot_acceleration([s + reach * k for s, k in zip(state, slopes[-1])], torque, book))
    new = [s + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4) for s, k1, k2, k3, k4 in zip(state, *slopes)]
    for i in (0, 1):
        while new[i] > PI:
            new[i] = new[i] - 2 * PI
        while new[i] < -PI:
            new[i] = new[i] + 2 * PI
    new[2] = min(max(new[2], -4 * PI), 4 * PI)
    new[3] = min(max(new[3], -9 * PI), 9 * PI)
    up = -math.cos(new[0]) - math.cos(new[1] + new[0]) > 1.0
    return new, 0.0 if up else -1.0, up


def acrobot_view(state):
    return [f(angle) for angle in state[:2] for f in (math.cos, math.sin)] + state[2:]


def pump(step, state):
    # Torque along the motion of the second link feeds energy in.
    return 2 if state[3] > 0 else 0


# --- pendulum ------------------------------------------------------------------------------------------------------------------------


def pendulum(state, action, gravity):
    angle, speed = state
    u = min(max(action, -2.0), 2.0)
    short = ((angle + PI) % (2 * PI)) - PI
    cost = short ** 2 + 0.1 * speed ** 2 + 0.001 * u ** 2
    speed = speed + (3 * gravity / 2.0 * math.sin(angle) + 3.0 * u) * 0.05
    speed = min(max(speed, -8), 8)
    return [angle + speed * 0.05, float(speed)], -cost, False


def pendulum_view(state):
    return [math.cos(state[0]), math.sin(state[0]), state[1]]


# --- mountain cars -------------------------------------------------------------------------------------------------------------------


def roll(position, speed, push, goal, needed):
    speed = min(max(speed + push, -0.07), 0.07)
    position = min(max(position + speed, -1.2), 0.6)
    if position == -1.2 and speed < 0:
        speed = 0.0
    return position, speed, position >= goal and speed >= needed


def mountain_car(state, action, needed):
    push = (action - 1) * 0.001 + math.cos(3 * state[0]) * -0.0025
    position, speed, top = roll(*state, push, 0.5, needed)
    return [position, speed], -1.0, top


def mountain_car_continuous(state, action, needed):
    push = min(max(action, -1.0), 1.0) * 0.0015 - 0.0025 * math.cos(3 * state[0])
    position, speed, top = roll(*state, push, 0.45, needed)
    return [single(position), single(speed)], (100.0 if top else 0) - math.pow(action, 2) * 0.1, top


def same_view(state):
    return list(state)


# --- policies and cases --------------------------------------------------------------------------------------------------------------


def scrambled(step, state):
    return (step * step * 7 + step * 3 + 1) // 5 % 3


def wave(step, state):
    # Leaves [-2, 2] and [-1, 1] now and then, so that clipping is seen.
    return 2.3 * math.sin(0.37 * step + 0.5) * math.cos(0.11 * step)


def along(step, state):
    return 2 if state[1] >= 0 else 0


def push_left(step, state):
    return 0


def push_right(step, state):
    return 2


def along_gently(step, state):
    return 0.77 if state[1] >= 0 else -0.77


def hard_left(step, state):
    return -1.4


def swing(step, state):
    return 2.0 if state[1] >= 0 else -2.0


S = single
TASKS = {
    "acrobot": (
        acrobot,
        acrobot_view,
        [
            ("pump", True, [S(0.05), S(-0.03), S(0.01), S(-0.09)], pump, 500),
            ("scrambled", True, [S(-0.1), S(0.1), S(0.033), S(0.071)], scrambled, 300),
            ("nips", False, [S(0.05), S(-0.03), S(0.01), S(-0.09)], pump, 500),
            ("nips_scrambled", False, [S(0.021), S(0.011), S(-0.05), S(0.02)], scrambled, 300),
            ("fast_first", True, [0.1, 0.2, 12.0, -27.0], scrambled, 60),
            ("fast_second", True, [-0.4, 3.0, -5.0, 28.0], pump, 60),
        ],
    ),
    "pendulum": (
        pendulum,
        pendulum_view,
        [
            ("wave", 10.0, [3.0, -0.9], wave, 200),
            ("swing", 10.0, [-3.14, 0.02], swing, 200),
            ("spin", 10.0, [-0.3, -7.9], wave, 200),
            ("earth", 9.81, [1.3, 0.4], wave, 200),
        ],
    ),
    "mountain_car": (
        mountain_car,
        same_view,
        [
            ("along", 0.0, [-0.53, 0.0], along, 200),
            ("scrambled", 0.0, [-0.41, 0.0], scrambled, 200),
            ("wall", 0.0, [-0.9, -0.06], push_left, 60),
            ("fast", 0.0, [-0.5, 0.07], push_right, 30),
            ("too_slow", 0.06, [-0.53, 0.0], along, 200),
        ],
    ),
    "mountain_car_continuous": (
        mountain_car_continuous,
        same_view,
        [
            ("along", 0.0, [-0.53123456789, 0.0], along_gently, 999),
            ("wave", 0.0, [-0.41987654321, 0.0], wave, 400),
            ("wall", 0.0, [-0.9, -0.06], hard_left, 60),
            ("too_slow", 0.065, [-0.53, 0.0], along_gently, 125),
        ],
    ),
}


def main(task):
    advance, view, cases = TASKS[task]
    width, seen = len(cases[0][2]), len(view(cases[0][2]))
    print(",".join(["case", "option", "step", "action", *(f"dynamics{i}" for i in range(width)), *(f"observation{i}" for i in range(seen)),
                    "reward", "terminated"]))
    for name, option, state, policy, steps in cases:
        write(name, option, 0, 0, state, view(state), 0.0, False)
        for step in range(1, steps + 1):
            action = policy(step, state)
            state, reward, ended = advance(state, action, option)
            write(name, option, step, action, state, view(state), reward, ended)
            if ended:
                break


def write(name, option, step, action, state, seen, reward, ended):
    numbers = [float(option), step, action, *state, *map(single, seen), reward, int(ended)]
    print(",".join([name, *(f"{number:.17g}" for number in numbers)]))


main(sys.argv[1])
