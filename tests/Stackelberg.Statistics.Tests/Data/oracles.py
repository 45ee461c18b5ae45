"""Reference values of SciPy and NumPy for the tests of Stackelberg.Statistics.

    python3 oracles.py > oracles.json

with Python 3.11, SciPy 1.10.1 and NumPy 1.24.2. Aggregates and profiles are the formulas of rliable, written out on its runs x tasks matrix.
"""
import itertools
import json

import numpy as np
import scipy
from scipy import special, stats

rng = np.random.default_rng(2021)


def samples():
    yield [0, 0, 1, 10, 20, 30]
    yield [3.5]
    yield [2, -1]
    yield [1, 2, 90]
    yield [0.1] * 3 + [0.2]
    for n in (4, 5, 7, 8, 10, 15, 40, 101):
        yield list(np.round(rng.normal(size=n) * 100, 3))
    yield list(rng.normal(size=33) + 1e6)


def summaries():
    for x in samples():
        yield {
            "sample": x, "mean": np.mean(x), "deviation": np.std(x), "sample_deviation": np.std(x, ddof=1) if len(x) > 1 else None,
            "median": np.median(x), "iqm": stats.trim_mean(x, 0.25), "quantile_tenth": np.quantile(x, 0.1), "quantile_high": np.quantile(x, 0.975),
            "gap": 1 - np.mean(np.minimum(x, 1)),
        }


def matrices():
    for runs, tasks in ((3, 1), (5, 3), (10, 8), (1, 4)):
        scores = np.round(rng.normal(0.7, 0.5, size=(runs, tasks)), 2)
        taus = list(np.linspace(0, 1.5, 16)) + [float(scores[0, 0])]
        yield {
            "tasks": scores.T.tolist(), "iqm": stats.trim_mean(scores, proportiontocut=0.25, axis=None), "mean": np.mean(np.mean(scores, axis=0)),
            "median": np.median(np.mean(scores, axis=0)), "gap": 1 - np.mean(np.minimum(scores, 1)),
            "taus": taus, "profile": [np.mean(scores > tau) for tau in taus],
        }


def pairs():
    yield [1, 2, 3, 4], [1, 2, 3, 4]
    yield [1, 2, 2, 5], [0, 2, 9]
    yield [0.1, 0.1, 0.1], [0.2, 0.3, 0.5, 0.4]
    for n, m in ((2, 2), (2, 7), (5, 5), (6, 4), (5, 8)):
        yield list(np.round(rng.normal(1, 3, size=n), 1)), list(np.round(rng.normal(size=m), 1))
    yield list(rng.normal(size=10) + 500), list(rng.normal(size=12) * 40)


def exact_p(x, y):
    """Over all splits, |difference of means| at least the observed one."""
    pooled = np.array(x + y)
    observed = abs(np.mean(x) - np.mean(y))
    count = total = 0
    for chosen in itertools.combinations(range(len(pooled)), len(x)):
        inside = np.zeros(len(pooled), bool)
        inside[list(chosen)] = True
        count += abs(pooled[inside].mean() - pooled[~inside].mean()) >= observed * (1 - 1e-12) - 1e-12
        total += 1
    return count / total


def comparisons():
    for x, y in pairs():
        u = stats.mannwhitneyu(x, y).statistic
        t, p = stats.ttest_ind(x, y, equal_var=False)
        a, b = np.var(x, ddof=1) / len(x), np.var(y, ddof=1) / len(y)
        row = {
            "x": x, "y": y, "improvement": u / (len(x) * len(y)), "t": t, "p": p,
            "degrees": (a + b) ** 2 / (a ** 2 / (len(x) - 1) + b ** 2 / (len(y) - 1)),
        }
        if special.comb(len(x) + len(y), len(x)) <= 10_000:
            row["permutation"] = exact_p(x, y)
        if len(x) == len(y):
            # SciPy doubles the smaller tail, which is the same where the sizes are
            row["scipy_permutation"] = stats.permutation_test(
                (x, y), lambda x, y, axis: np.mean(x, axis=axis) - np.mean(y, axis=axis), vectorized=True, n_resamples=np.inf).pvalue
        yield row


def betas():
    for a in (0.5, 1, 2.5, 10, 97, 1000):
        for b in (0.5, 1, 3, 40, 1000):
            for x in (1e-6, 0.01, 0.2, 0.5, 0.77, 0.99):
                yield {"a": a, "b": b, "x": x, "value": special.betainc(a, b, x)}


def quantiles():
    for a, b in itertools.product((0.5, 1, 4, 60, 500), repeat=2):
        for p in (1e-4, 0.025, 0.3, 0.5, 0.9, 0.9995):
            yield {"a": a, "b": b, "p": p, "value": special.betaincinv(a, b, p)}


def proportions():
    for k, n in ((0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (99, 100), (100, 100), (417, 1000)):
        for confidence in (0.9, 0.95, 0.999):
            result = stats.binomtest(k, n)
            wilson, exact = (result.proportion_ci(confidence, method) for method in ("wilson", "exact"))
            yield {
                "successes": k, "count": n, "confidence": confidence, "wilson": [wilson.low, wilson.high], "clopper_pearson": [exact.low, exact.high],
            }


print(json.dumps({
    "scipy": scipy.__version__, "numpy": np.__version__,
    "summaries": list(summaries()), "matrices": list(matrices()), "comparisons": list(comparisons()),
    "betas": list(betas()), "beta_quantiles": list(quantiles()),
    "students": [{"t": t, "degrees": d, "p": 2 * stats.t.sf(abs(t), d)} for t in (0, 1e-3, -0.7, 2, 9, 60) for d in (1, 1.7, 4, 18.25, 300)],
    "normals": [{"p": p, "z": special.ndtri(p)} for p in (1e-300, 1e-20, 1e-6, 0.0005, 0.025, 0.05, 0.3, 0.5, 0.6, 0.93, 0.999)],
    "proportions": list(proportions()),
}, indent=1))
