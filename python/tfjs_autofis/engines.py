"""What runs tasks: a function of a job, once for each of its items."""

import json
import logging
import os
import sys
from contextlib import contextmanager


@contextmanager
def local(workers):
    """Runs tasks in this process, one after another."""
    yield lambda task, job, items: [task(job, item) for item in items]


@contextmanager
def ray(workers):
    """Runs tasks by Ray Data, at most `workers` at a time: in the cluster of RAY_ADDRESS, else in as many processes of
    this machine, by default as many as it has cores. A task whose worker is killed runs again in another.
    """
    try:
        import ray
        import ray.data
    except ImportError:
        raise ImportError(
            'tfjs_autofis: the package ray is not installed. Install it: pip install "tfjs-autofis[ray]"'
        ) from None
    started = not ray.is_initialized()
    if started:
        size = (
            {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": workers or os.cpu_count(), "include_dashboard": False}
        )
        ray.init(log_to_driver=False, logging_level="error", **size)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = sys.stderr.isatty()

    def run(task, job, items):
        def attempt(row):
            try:
                result, error = json.dumps(task(job, json.loads(row["item"]))), ""
            except ValueError as problem:
                result, error = "", str(problem)
            return {"place": row["place"], "result": result, "error": error}

        rows = [{"place": place, "item": json.dumps(item)} for place, item in enumerate(items)]
        dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            attempt, compute=ray.data.TaskPoolStrategy(workers)
        )
        results = sorted(dataset.take_all(), key=lambda row: row["place"])
        for row in results:
            if row["error"]:
                raise ValueError(row["error"])
        return [json.loads(row["result"]) for row in results]

    try:
        yield run
    finally:
        if started:
            ray.shutdown()


ENGINES = {"ray": ray, "local": local}
