"""Engines run tasks: a function of a job, once for each of its items."""

import os
from contextlib import contextmanager


@contextmanager
def local(workers):
    """Run tasks in this process, one after another."""
    yield lambda task, job, items: [task(job, item) for item in items]


@contextmanager
def ray(workers):
    """Run tasks by Ray, at most `workers` in parallel: on the cluster of RAY_ADDRESS, else on this machine, by default
    one per core. A task whose worker is killed runs again in another one.
    """
    try:
        import ray
    except ImportError:
        message = 'tfjs_autofis: the package ray is not installed. Install it: pip install "tfjs-autofis[ray]"'
        raise ImportError(message) from None

    def run(task, job, items):
        remote, shared = ray.remote(max_retries=-1)(task), ray.put(job)
        results, running = [None] * len(items), {}
        for place, item in enumerate(items):
            if len(running) == workers:
                _finish_one(ray, running, results)
            running[remote.remote(shared, item)] = place
        while running:
            _finish_one(ray, running, results)
        return results

    with started(ray, workers or os.cpu_count()):
        yield run


@contextmanager
def started(ray, cpus):
    """Connect to the cluster of RAY_ADDRESS, else start one here, unless one is connected already, which stays."""
    if ray.is_initialized():
        yield
        return
    of_its_own = {"num_cpus": cpus, "include_dashboard": False}
    ray.init(log_to_driver=False, logging_level="error", **({} if "RAY_ADDRESS" in os.environ else of_its_own))
    try:
        yield
    finally:
        ray.shutdown()


def _finish_one(ray, running, results):
    """Wait for a task and keep its result; raise its error."""
    (done,), _ = ray.wait(list(running))
    try:
        results[running.pop(done)] = ray.get(done)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None


ENGINES = {"ray": ray, "local": local}
