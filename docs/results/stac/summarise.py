"""Summarises training returns of runs: python3 summarise.py RUNS_FOLDER ITERATION... (needs only the standard library).

Prints one CSV row per algorithm folder and iteration E: the statistic of a seed is the mean over the iterations E-4 ... E of the mean return of
the episodes that ended in the iteration; IQM is the mean of the middle seeds after dropping a quarter (rounded down) at each end.
"""
import csv
import pathlib
import statistics
import sys

STEPS_PER_ITERATION = 4000


def seed_statistics(run, iterations):
    sums = {}
    with open(run / "episodes.csv", newline="") as file:
        for row in csv.DictReader(file):
            iteration = (int(row["step"]) - 1) // STEPS_PER_ITERATION + 1
            total, count = sums.get(iteration, (0.0, 0))
            sums[iteration] = (total + float(row["return"]), count + 1)
    means = {i: total / count for i, (total, count) in sums.items()}
    windows = [[means[i] for i in range(e - 4, e + 1) if i in means] if e <= max(means, default=0) else [] for e in iterations]
    return [statistics.mean(window) if window else None for window in windows]


def interquartile_mean(values):
    values = sorted(values)
    cut = len(values) // 4
    return statistics.mean(values[cut:len(values) - cut])


def main(root, iterations):
    print("runs,iteration,seeds,iqm,minimum,maximum")
    for folder in sorted({run.parent for run in pathlib.Path(root).glob("**/seed-*")}):
        seeds = [seed_statistics(run, iterations) for run in sorted(folder.glob("seed-*"))]
        for k, iteration in enumerate(iterations):
            values = [s[k] for s in seeds if s[k] is not None]
            if not values:
                continue
            name = folder.relative_to(root)
            print(f"{name},{iteration},{len(values)},{interquartile_mean(values):.1f},{min(values):.1f},{max(values):.1f}")


if __name__ == "__main__":
    main(sys.argv[1], [int(a) for a in sys.argv[2:]])
