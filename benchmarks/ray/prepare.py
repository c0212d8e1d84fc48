"""Prepares Parquet files by Ray with one worker and with two, in turns, and prints a line of JSON for each run.

Arguments: source, schema, split, folder, rounds. One cluster of two workers, which have worked before, serves all runs.
"""

import json
import shutil
import sys
import time

import ray

from tfjs_autofis import prepare

source, schema, split, folder, rounds = sys.argv[1:]
options = {"source": source, "schema": schema, "split": json.loads(split), "rows_per_shard": 2**15}


def run(workers):
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    prepare(folder=folder, engine="ray", workers=workers, **options)
    return {"workers": workers, "seconds": time.perf_counter() - started}


ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
run(2)
for i in range(int(rounds)):
    for workers in (1, 2) if i % 2 == 0 else (2, 1):
        print(json.dumps(run(workers)), flush=True)
