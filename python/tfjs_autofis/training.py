"""Training of a model on shards, by one worker or by several."""

import json
import os
from typing import NamedTuple

from .bundle import hash_files
from .ray_train import train_by_ray
from .run_folder import RunFolder
from .schema import check, check_integers
from .shard_rows import WHERE, read_manifest

_FORMS = (
    '{"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index": 0}}, with servers {"cluster": '
    '{"chief": ["host:port"], "worker": [...], "ps": [...]}, "task": {"type": "chief", "index": 0}}'
)


class Task(NamedTuple):
    """A process of a training."""

    type: str
    index: int
    workers: int
    servers: int

    @property
    def writes(self):
        """Whether this process writes the result."""
        return self.type == ("chief" if self.servers else "worker") and self.index == 0


def train(
    model,
    shards,
    folder,
    workers=None,
    servers=None,
    search_epochs=3,
    epochs=3,
    batch_size=2000,
    seed=1,
    strength=1.0,
    held_out=None,
    test=None,
    checkpoint_steps=500,
    restarts=3,
    piece_bytes=2**18,
    say=print,
):
    """Search for interactions and retrain those that are kept; the results do not depend on the number of workers.

    A worker is a process with one device, one task of tf.distribute.MultiWorkerMirroredStrategy. If TF_CONFIG is set
    this process is the one that it describes. Otherwise one worker is this process, and Ray Train starts several.
    With `servers` the tables need not fit into one process: tf.distribute.ParameterServerStrategy then has a
    coordinator, workers and servers, which this call starts on this machine, or TF_CONFIG describes.

    model: the folder of a compiled model that TensorFlow.js saved.
    shards: the folder of the rows.
    folder: gets `searched` and `model`, for TensorFlow.js, and training.json; after a stop the same call continues.
        Model, shards and folder are on disks that all workers share.
    servers: processes that hold the tables and their optimizer's state in pieces; by default each worker holds all.
    search_epochs: epochs of the search; with 0 the model is trained as it is.
    epochs: epochs of the retrain.
    batch_size: rows of all workers in one step.
    seed: of the rows' order and of the retrain's weights.
    strength: the final threshold of the search in units of alpha's start; larger values close more gates.
    held_out: the part of the shards that alpha learns from, such as 'valid'; by default the rows of training.
    test: the part that the trained model is scored on.
    checkpoint_steps: steps from one checkpoint to the next.
    restarts: how often lost workers may be started again by Ray, and with `servers` lost processes.
    piece_bytes: least bytes of a table's piece; a smaller table is on one server.
    say: takes lines of progress.

    Returns the content of training.json: {history, test}.
    """
    check_integers(WHERE, 0, search_epochs=search_epochs, restarts=restarts)
    check_integers(WHERE, 1, epochs=epochs, batch_size=batch_size, checkpoint_steps=checkpoint_steps, seed=seed)
    given = {"workers": workers, "servers": servers, "piece_bytes": piece_bytes}
    check_integers(WHERE, 1, **{name: value for name, value in given.items() if value is not None})
    valid = isinstance(strength, (int, float)) and 0 < strength < float("inf")
    check(valid, WHERE, "strength", "be a finite number above 0", strength)
    task = _task_of_config()
    workers, servers = _counts_of(task, workers, servers)
    _check_parts(shards, {"train": "train", "held_out": held_out, "test": test})
    run = RunFolder(folder)
    decides = {
        "model": os.path.abspath(model),
        "shards": os.path.abspath(shards),
        "epochs": {"search": search_epochs, "retrain": epochs},
        "batch_size": batch_size,
        "seed": seed,
        "strength": strength,
        "held_out": held_out,
        "test": test,
    }
    job = {**decides, "folder": run.path, "checkpoint_steps": checkpoint_steps, "piece_bytes": piece_bytes}
    # What the result follows from: contents, wherever they are.
    contents = {"model": _hash_of(model, ["model.json", "weights.bin"]), "shards": _hash_of(shards, ["manifest.json"])}
    run.open({**decides, **contents}, writes=task is None or task.writes)
    if run.result() is not None:
        say(f"the run in {folder} is finished")
        return run.result()
    try:
        _run(job, task, workers, servers, restarts, say)
    except ValueError:
        run.discard()
        raise
    return run.result()


def _run(job, task, workers, servers, restarts, say):
    """Be the task of TF_CONFIG, or start all tasks."""
    # Only here, since TensorFlow takes seconds to load.
    if servers and task is None:
        from .server_tasks import run_local_cluster

        run_local_cluster(job, workers, servers, restarts, say)
    elif servers:
        from .server_tasks import run_task

        run_task(job, task.type, say)
    elif task is not None or workers == 1:
        from .training_worker import run_worker

        run_worker(job, say)
    else:
        train_by_ray(job, workers, restarts, say)


def _check_parts(shards, given):
    parts = read_manifest(shards)["parts"]
    for name, part in given.items():
        valid = part is None or parts.get(part, {}).get("rows", 0) > 0
        check(valid, WHERE, name, f"be a part of the shards with rows: {', '.join(parts)}", part)


def _hash_of(folder, names):
    """SHA-256 of files of a folder."""
    try:
        return hash_files([os.path.join(folder, name) for name in names])
    except OSError as error:
        raise ValueError(f"{WHERE}: {error.filename} cannot be read: {error.strerror}. Check the path.") from None


def _task_of_config():
    """The task that TF_CONFIG describes, or None where it is not set."""
    if "TF_CONFIG" not in os.environ:
        return None
    try:
        config = json.loads(os.environ["TF_CONFIG"])
        cluster, task = config["cluster"], config["task"]
        counts = {kind: len(addresses) for kind, addresses in cluster.items()}
        right = set(cluster) in ({"worker"}, {"chief", "worker", "ps"}) and counts.get("chief", 1) == 1
        right = right and all(counts.values()) and 0 <= task["index"] < counts[task["type"]]
    except (ValueError, KeyError, TypeError):
        right = False
    check(right, WHERE, "TF_CONFIG", f"have the form {_FORMS}", os.environ["TF_CONFIG"])
    return Task(task["type"], task["index"], counts["worker"], counts.get("ps", 0))


def _counts_of(task, workers, servers):
    """(workers, servers) of a training, by TF_CONFIG where it is set."""
    if task is None:
        return workers or 1, servers or 0
    for name, given, found, kind in (
        ("workers", workers, task.workers, "worker"),
        ("servers", servers, task.servers, "ps"),
    ):
        check(given in (None, found), WHERE, name, f"be {found}, the tasks {kind} of TF_CONFIG, or be left out", given)
    return task.workers, task.servers
