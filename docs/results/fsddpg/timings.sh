#!/bin/sh
# Times the methods of the paper's table 3: sh timings.sh FOLDER, from the checkout's root, on an otherwise idle machine.
# Prints one CSV row per task and method. Needs Python's standard library for the last step.
set -eu
for task in HalfCheetah-v4 InvertedDoublePendulum-v4 InvertedPendulum-v4; do
    for method in ddpg fsddpg fsddpg-cg sddpg-cg sddpg-bd sddpg; do
        case $method in
            sddpg) steps=1500 ;;
            sddpg-bd) steps=3000 ;;
            *) steps=50000 ;;
        esac
        log=''
        [ $method = ddpg ] || log='--set hypergradient.log_every=1000'
        ./stackelberg train --algo $method --env $task --seeds 0 --threads 1 --total-timesteps $steps --eval-every 0 --checkpoint-every 0 --quiet \
            --set actor.hidden=16,16 critic.hidden=16,16 update_after=50 $log --out "$1" > /dev/null
    done
done
python3 - "$1" <<'PYTHON'
import csv, json, pathlib, sys
print("task,method,steps,update_us,environment_us,ratio_to_fsddpg")
for task in sorted(pathlib.Path(sys.argv[1]).glob("*-v4")):
    rows = {}
    for run in task.glob("*/seed-0"):
        if any(row["guarded"] == "1" for row in csv.DictReader(open(run / "hypergradient.csv"))):
            sys.exit(f"{run}: a solve was of no use, so its time is no method's")
        timing, steps = json.load(open(run / "timing.json")), json.load(open(run / "result.json"))["steps"]
        rows[run.parent.name] = (steps, 1e6 * timing["update_seconds"] / steps, 1e6 * timing["environment_seconds"] / steps)
    for method, (steps, update, environment) in sorted(rows.items(), key=lambda row: row[1][1]):
        print(f"{task.name},{method},{steps},{update:.1f},{environment:.1f},{update / rows['fsddpg'][1]:.2f}")
PYTHON
