"""Engines run tasks: a function of a job, once for each of its items."""

import os
import shutil
import sys
from contextlib import contextmanager

from .tables import require


@contextmanager
def local(workers):
    """Run tasks in this process, in the order of the items."""

    def run(task, job, items):
        try:
            return [task(job, item) for item in items]
        except RuntimeError as error:
            if "interrupted" in str(error):
                # What DuckDB makes of Ctrl-C.
                raise KeyboardInterrupt from None
            raise

    yield run


@contextmanager
def ray(workers):
    """Run tasks by Ray, at most `workers` in parallel: on the cluster of RAY_ADDRESS, else on this machine, by default
    one per core. A task whose worker is killed runs again in another one.
    """
    ray = require("ray", "ray")

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


@contextmanager
def spark(workers):
    """Run tasks by Spark, at most `workers` in parallel: on the cluster of SPARK_MASTER, else on this machine, by
    default one per core. Tasks that are lost with their worker run again, three times at most.
    """
    context, is_own = _spark_context(workers)

    def run(task, job, items):
        shared = context.broadcast(job)

        def one(item):
            # What is wrong with the data is a result: the task would fail again, and Spark would wrap its words.
            try:
                return task(shared.value, item), None
            except ValueError as error:
                return None, error

        results = context.parallelize(items, len(items)).map(one).collect()
        shared.destroy()
        for _, error in results:
            if error is not None:
                raise error
        return [result for result, _ in results]

    try:
        yield run
    finally:
        if is_own:
            context.stop()


def _spark_context(workers):
    """The session of this process, or one of our own; and which it is."""
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise ImportError("tfjs_autofis: Spark needs Java 17 or newer. Install it, or set JAVA_HOME.")
    pyspark = require("pyspark", "spark")
    active = pyspark.SparkContext._active_spark_context
    if active is not None:
        return active, False
    conf = pyspark.SparkConf().setAppName("tfjs-autofis prepare").set("spark.ui.showConsoleProgress", "false")
    if "SPARK_MASTER" in os.environ:
        conf.setMaster(os.environ["SPARK_MASTER"])
        if workers is not None:
            conf.set("spark.cores.max", str(workers))
    else:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        conf.setMaster(f"local[{workers or os.cpu_count()},4]").set("spark.ui.enabled", "false")
    context = pyspark.SparkContext(conf=conf)
    context.setLogLevel("OFF")
    return context, True


ENGINES = {"ray": ray, "spark": spark, "local": local}
