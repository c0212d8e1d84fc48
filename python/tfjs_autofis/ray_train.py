"""Workers of `train` that Ray Train starts, and starts again where one is lost."""

import os
import shutil
import threading

from .engines import started
from .messages import Messages, writing
from .shard_rows import WHERE


def train_by_ray(job, workers, restarts, say):
    """Train by several workers on the cluster of RAY_ADDRESS, else on this machine.

    When a worker is lost all are started again, at most `restarts` times, and continue from the last checkpoint.
    Raises the ValueError of a worker. After Ctrl-C Ray is shut down, which ends the workers.
    """
    ray, train, TensorflowTrainer = _ray_train(workers)
    messages, storage = (os.path.join(job["folder"], f"partial-{name}") for name in ("messages", "ray"))
    # Ray would continue a run of its own.
    shutil.rmtree(storage, ignore_errors=True)
    lines = Messages(messages, say)
    try:
        with started(ray, max(workers, os.cpu_count())), lines:
            gpus = ray.cluster_resources().get("GPU", 0)
            trainer = TensorflowTrainer(
                _worker,
                train_loop_config={**job, "messages": messages},
                scaling_config=train.ScalingConfig(num_workers=workers, use_gpu=gpus >= workers),
                run_config=train.RunConfig(
                    name=os.path.basename(storage),
                    storage_path=job["folder"],
                    failure_config=train.FailureConfig(max_failures=restarts),
                ),
            )
            _run_aside(trainer.fit)
    except train.TrainingFailedError as error:
        if lines.error is None:
            raise ConnectionError(
                f"{WHERE}: workers were lost more than {restarts} times. The same command continues from the last "
                f"checkpoint. The last failure: {str(error).strip().splitlines()[-1]}"
            ) from None
    except KeyboardInterrupt:
        # Also where Ray was connected before: nothing else ends the workers.
        ray.shutdown()
        raise
    finally:
        shutil.rmtree(storage, ignore_errors=True)
    if lines.error is not None:
        raise ValueError(lines.error)


def _run_aside(work):
    """Run work in another thread, and raise its error.

    In the main thread Ray would take Ctrl-C over, and wait for workers that may never answer.
    """
    errors = []

    def run():
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


def _ray_train(workers):
    """(ray, ray.train, its TensorflowTrainer), or an ImportError that says how to install them."""
    try:
        import ray
        from ray import train
        from ray.train.tensorflow import TensorflowTrainer
    except ImportError:
        raise ImportError(
            f"{WHERE}: {workers} workers are started by Ray, which is not installed. Install it: pip install "
            '"tfjs-autofis[ray]"; or start each worker by yourself, with TF_CONFIG.'
        ) from None
    return ray, train, TensorflowTrainer


def _worker(job):
    """The task of a worker; what it says goes to the file `messages`, which the driver reads."""
    from .training_worker import run_worker

    with writing(job["messages"]) as say:
        run_worker(job, say)
