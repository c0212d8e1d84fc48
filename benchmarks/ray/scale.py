"""Prepares the first files of a folder by Ray with two workers, and prints a line of JSON for each number of files.

Arguments: folder of files, schema, split, folder of the shards, numbers of files. One cluster serves all runs.
"""

import glob
import json
import os
import shutil
import sys
import time

import ray

from tfjs_autofis import prepare

WORKERS = 2
source, schema, split, folder, *numbers = sys.argv[1:]
files = sorted(glob.glob(os.path.join(source, "*.parquet")))


def size(paths):
    return sum(map(os.path.getsize, paths))


def peak(pids):
    """Bytes of memory that the largest of these processes has had."""
    most = 0
    for pid in pids:
        with open(f"/proc/{pid}/status", encoding="utf-8") as status:
            most = max(most, *(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM")))
    return most


def workers():
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as command:
                found += [pid] if command.read().startswith("ray::") else []
        except FileNotFoundError:
            continue
    return found


def run(number):
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    made = prepare(files[:number], schema, folder, split=json.loads(split), engine="ray", workers=WORKERS)
    seconds = time.perf_counter() - started
    return {
        "rows": sum(part["rows"] for part in made["manifest"]["parts"].values()),
        "seconds": seconds,
        "workers": WORKERS,
        "ids": sum(field["size"] for field in made["fitted"]["fields"]),
        "bytes": {"source": size(files[:number]), "shards": size(glob.glob(os.path.join(folder, "*.arrow")))},
        "memory": {"worker": peak(workers()), "driver": peak([os.getpid()])},
    }


ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False, logging_level="error")
for number in map(int, numbers):
    print(json.dumps(run(number)), flush=True)
