"""The process that TF_CONFIG describes, among those of a training."""

import json
import os
from typing import NamedTuple

from .schema import invalid
from .shard_rows import WHERE

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


def task_of_config():
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
    if not right:
        raise invalid(WHERE, "TF_CONFIG", f"have the form {_FORMS}", os.environ["TF_CONFIG"])
    return Task(task["type"], task["index"], counts["worker"], counts.get("ps", 0))


def counts_of(workers, servers):
    """(workers, servers) of a training, by TF_CONFIG where it is set."""
    task = task_of_config()
    if task is None:
        return workers or 1, servers or 0
    for name, given, found, kind in (
        ("workers", workers, task.workers, "worker"),
        ("servers", servers, task.servers, "ps"),
    ):
        if given not in (None, found):
            raise invalid(WHERE, name, f"be {found}, the tasks {kind} of TF_CONFIG, or be left out", given)
    return task.workers, task.servers
