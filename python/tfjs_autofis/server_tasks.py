"""The processes of a training with servers: one coordinator, workers, and servers that hold the tables."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from .messages import Messages, writing
from .run_folder import RunFolder
from .shard_rows import WHERE

_POLL_SECONDS = 0.2
_START_SECONDS = 600
"""That a coordinator waits for the start of the others."""
_TASK = "tfjs_autofis.server_tasks"


def run_task(job, kind, say=print):
    """Be the task that TF_CONFIG describes: a coordinator (chief) trains, others serve it until the run is finished."""
    # A call to a process that is gone fails at once, so that another worker repeats it.
    os.environ.setdefault("GRPC_FAIL_FAST", "use_caller")
    if kind == "chief":
        from .server_training import run_coordinator

        _wait_for_others(json.loads(os.environ["TF_CONFIG"])["cluster"])
        run_coordinator(job, say)
        return
    import tensorflow as tf

    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    cluster = resolver.cluster_spec()
    config = tf.compat.v1.ConfigProto()
    # A thread for each other process that a task may wait for, beside those that compute.
    config.inter_op_parallelism_threads = max(4, os.cpu_count(), sum(map(cluster.num_tasks, cluster.jobs)) + 1)
    tf.distribute.Server(
        cluster, job_name=resolver.task_type, task_index=resolver.task_id, protocol="grpc", config=config, start=True
    )
    run = RunFolder(job["folder"])
    while run.result() is None:
        time.sleep(_POLL_SECONDS)


def run_local_cluster(job, workers, servers, restarts, say):
    """Train with all processes on this machine.

    A worker that is lost is started again, and others do its work. When a server or the coordinator is lost all are
    started again, and continue from the last checkpoint. Both count as `restarts`. Raises the ValueError of the
    coordinator.
    """
    path = os.path.join(job["folder"], "partial-messages")
    lines = Messages(path, say)
    with lines:
        lost = 0
        while True:
            cluster = _LocalCluster({**job, "messages": path}, workers, servers)
            with cluster:
                lost = cluster.watch(lost, restarts)
            if cluster.finished:
                break
            say("a process that all need is lost: all are started again")
    if lines.error is not None:
        raise ValueError(lines.error)


class _LocalCluster:
    """All processes of a training on this machine; they end when it is left."""

    def __init__(self, job, workers, servers):
        counts = {"chief": 1, "worker": workers, "ps": servers}
        ports = iter(free_ports(sum(counts.values())))
        self._job = job
        self._addresses = {kind: [f"localhost:{next(ports)}" for _ in range(n)] for kind, n in counts.items()}
        self._processes = {}
        self.finished = False

    def __enter__(self):
        for kind in ("ps", "worker", "chief"):
            for index in range(len(self._addresses[kind])):
                self._start(kind, index)

    def __exit__(self, *_):
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
            process.stdin.close()

    def watch(self, lost, restarts):
        """Wait for the coordinator, and start lost workers again; return how many processes have been lost."""
        while True:
            codes = {task: process.poll() for task, process in self._processes.items()}
            if codes["chief", 0] == 0:
                self.finished = True
                self._remove_logs()
                return lost
            for (kind, index), code in codes.items():
                if not code:
                    # It runs, or has seen the result before the coordinator's end.
                    continue
                lost += 1
                if lost > restarts:
                    raise ConnectionError(
                        f"{WHERE}: processes were lost more than {restarts} times. The same command continues from "
                        f"the last checkpoint. The last failure: {kind} {index}, exit code {code}: "
                        f"{self._last_words(kind, index)}"
                    )
                if kind != "worker":
                    return lost
                self._start(kind, index)
            time.sleep(_POLL_SECONDS)

    def _start(self, kind, index):
        config = {"cluster": self._addresses, "task": {"type": kind, "index": index}}
        folder = str(Path(__file__).parent.parent)
        env = {
            **os.environ,
            "TF_CONFIG": json.dumps(config),
            "PYTHONPATH": os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")])),
            "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2"),
        }
        if kind != "worker":
            # Only workers compute.
            env["CUDA_VISIBLE_DEVICES"] = ""
        with open(self._log(kind, index), "w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", _TASK, kind, str(index)],
                env=env,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                # Ctrl-C is for this process, which ends the others.
                start_new_session=True,
            )
        self._processes[kind, index] = process
        process.stdin.write(json.dumps(self._job) + "\n")
        process.stdin.flush()

    def _log(self, kind, index):
        return os.path.join(self._job["folder"], f"partial-log-{kind}-{index}")

    def _remove_logs(self):
        for task in self._processes:
            os.remove(self._log(*task))

    def _last_words(self, kind, index):
        text = Path(self._log(kind, index)).read_text("utf-8", "replace").strip()
        return text.splitlines()[-1] if text else "it said nothing"


def _wait_for_others(cluster):
    """Wait until all workers and servers can be reached."""
    end = time.monotonic() + _START_SECONDS
    for address in [*cluster["worker"], *cluster["ps"]]:
        host, port = address.rsplit(":", 1)
        while True:
            try:
                socket.create_connection((host, int(port)), timeout=5).close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise ConnectionError(
                        f"{WHERE}: {address} of TF_CONFIG does not answer. Start all its tasks by the same command."
                    ) from None
                time.sleep(_POLL_SECONDS)


def free_ports(count):
    """Ports of this machine that nobody listens at."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _main():
    """A process of a local cluster: its job is the first line that it is given; it ends with the one that began it."""
    kind, job = sys.argv[1], json.loads(sys.stdin.readline())

    def follow():
        sys.stdin.read()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    with writing(job["messages"]) as say:
        run_task(job, kind, say)
    # Without the end of TensorFlow's threads, which may wait for servers.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    _main()
