"""Reads exported files as the programs they are for do, and prints what it finds as JSON. Needs NumPy.

Usage: read_exports.py npz FILE | monitor FOLDER | spinningup FOLDER | marl-eval FILE
"""
import csv
import json
import os
import struct
import sys
import zipfile

import numpy


def npz(path):
    """Every array, and the first bytes of its file as they are."""
    found = {}
    with zipfile.ZipFile(path) as archive, numpy.load(path, allow_pickle=False) as arrays:
        assert archive.testzip() is None
        for name in arrays.files:
            raw = archive.read(name + ".npy")
            assert raw[:8] == b"\x93NUMPY\x01\x00"
            (length,) = struct.unpack("<H", raw[8:10])
            array = arrays[name]
            found[name] = {
                "header": raw[10:10 + length].decode("latin1").rstrip(),
                "padded": (length + 10) % 64 == 0 and raw[9 + length:10 + length] == b"\n",
                "type": array.dtype.str,
                "shape": list(array.shape),
                "values": array.tolist(),
            }
    return found


def monitor(folder):
    """Stable-Baselines3's load_results without pandas: all monitor files of a folder, by time."""
    rows = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith("monitor.csv"):
            continue
        with open(os.path.join(folder, name)) as file:
            first = file.readline()
            assert first[0] == "#"
            header = json.loads(first[1:])
            for row in csv.DictReader(file):
                assert list(row) == ["r", "l", "t"]
                rows.append([float(row["r"]), int(float(row["l"])), float(row["t"]) + header["t_start"], row["t"]])
    assert len({row[3] for row in rows}) == len(rows), "two episodes at one time"
    rows.sort(key=lambda row: row[2])
    return {"env_id": header["env_id"], "t_start": header["t_start"], "rows": [row[:2] for row in rows]}


def spinningup(folder):
    """Spinning Up's plotter without pandas: every folder with a progress.txt, under the exp_name beside it."""
    found = {}
    for root, _, files in sorted(os.walk(folder)):
        if "progress.txt" in files:
            with open(os.path.join(root, "config.json")) as file:
                name = json.load(file)["exp_name"]
            with open(os.path.join(root, "progress.txt")) as file:
                rows = list(csv.DictReader(file, delimiter="\t"))
            found.setdefault(name, []).append({column: [row[column] for row in rows] for column in rows[0]})
    return found


def marl_eval(path):
    """marl-eval's way from its file to the matrices of rliable: what it takes for granted fails here as it does there."""
    with open(path) as file:
        data = json.load(file)
    found = {}
    for environment, tasks in data.items():
        assert environment == environment.lower()
        names = list(tasks)
        algorithms = list(tasks[names[0]])
        runs = list(tasks[names[0]][algorithms[0]])
        steps = list(tasks[names[0]][algorithms[0]][runs[0]])
        metrics = sorted(set(tasks[names[0]][algorithms[0]][runs[0]][steps[0]]) - {"step_count"})
        assert "absolute" in steps[-1] and not any("absolute" in step for step in steps[:-1])
        for task in names:
            assert task == task.lower()
            assert list(tasks[task]) == algorithms
            for algorithm in algorithms:
                assert "," not in algorithm and algorithm == algorithm.lower()
                assert list(tasks[task][algorithm]) == runs
                for run in runs:
                    assert list(tasks[task][algorithm][run]) == steps
                    for step in steps:
                        entry = tasks[task][algorithm][run][step]
                        assert sorted(set(entry) - {"step_count"}) == metrics
                        assert step == steps[-1] or isinstance(entry["step_count"], int)
        (metric,) = metrics
        # how it finds out whether a metric is a normalised one
        assert metric in f"mean_norm_{metric}".split("_")
        found[environment] = {
            "tasks": names, "runs": runs, "steps": steps, "metric": metric,
            "step_counts": [tasks[names[0]][algorithms[0]][runs[0]][step]["step_count"] for step in steps[:-1]],
            "absolute": {a: [[float(numpy.mean(tasks[t][a][r][steps[-1]][metric])) for t in names] for r in runs] for a in algorithms},
            "curves": {a: [[[tasks[t][a][r][s][metric] for s in steps[:-1]] for t in names] for r in runs] for a in algorithms},
        }
    return found


if __name__ == "__main__":
    read = {"npz": npz, "monitor": monitor, "spinningup": spinningup, "marl-eval": marl_eval}[sys.argv[1]]
    print(json.dumps(read(sys.argv[2])))
