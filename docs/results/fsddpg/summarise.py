"""Summarises evaluations of runs: python3 summarise.py RUNS_FOLDER (needs only the standard library).

Prints one CSV row per task, method and evaluation step: number of seeds, interquartile mean of the seeds' mean evaluation returns, its 95 % bootstrap
interval (2000 resamplings of the seeds, fixed seed), smallest and largest seed. The interquartile mean drops a quarter (rounded down) at each end.
"""
import csv
import pathlib
import random
import statistics
import sys


def interquartile_mean(values):
    values = sorted(values)
    cut = len(values) // 4
    return statistics.mean(values[cut:len(values) - cut])


def interval(values, resamplings=2000):
    source = random.Random(0)
    means = sorted(interquartile_mean(source.choices(values, k=len(values))) for _ in range(resamplings))
    return means[int(0.025 * resamplings)], means[int(0.975 * resamplings) - 1]


def evaluations(run):
    with open(run / "evaluations.csv", newline="") as file:
        return {int(row["step"]): float(row["return_mean"]) for row in csv.DictReader(file)}


def main(root):
    print("task,method,step,seeds,iqm,low,high,minimum,maximum")
    for folder in sorted({run.parent for run in pathlib.Path(root).glob("*/*/seed-*") if (run / "result.json").exists()}):
        seeds = [evaluations(run) for run in sorted(folder.glob("seed-*")) if (run / "result.json").exists()]
        for step in sorted(set().union(*seeds)):
            values = [seed[step] for seed in seeds if step in seed]
            low, high = interval(values)
            numbers = (interquartile_mean(values), low, high, min(values), max(values))
            print(f"{folder.parent.name},{folder.name},{step},{len(values)}," + ",".join(f"{n:.2f}" for n in numbers))


if __name__ == "__main__":
    main(sys.argv[1])
