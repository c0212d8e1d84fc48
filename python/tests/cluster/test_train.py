"""Training by Ray Train, on a cluster of two workers of this machine, also with workers that are killed.

The folder AUTOFIS_TRAINING has the model and the shards, settings.json, and gets figures.json.
"""

import json
import os
import signal
from pathlib import Path

import pytest

from tfjs_autofis import train

FOLDER = Path(os.environ["AUTOFIS_TRAINING"])
SETTINGS = json.loads((FOLDER / "settings.json").read_text())


def run(name, **options):
    return train(FOLDER / "model", FOLDER / "shards", FOLDER / name, **{**SETTINGS, **options})


def losses(result):
    """Training losses of a run, an epoch each."""
    return [epoch["loss"] for epoch in result["history"]]


def values(result):
    """Losses and AUC of a run."""
    return [*losses(result), result["test"]["loss"], result["test"]["auc"]]


@pytest.fixture(scope="module")
def figures():
    """What the runs gave; the driver of the test writes it down."""
    found = {}
    yield found
    (FOLDER / "figures.json").write_text(json.dumps(found))


@pytest.fixture(scope="module")
def two(figures):
    figures["two"] = run("two", workers=2)
    return figures["two"]


def test_two_workers_train_as_one(figures, two):
    figures["one"] = run("one", workers=1)
    # Sums of float32 in another order differ by some 1e-7, which grows with the steps; the test rows come after all.
    assert losses(two) == pytest.approx(losses(figures["one"]), rel=1e-5)
    assert values(two) == pytest.approx(values(figures["one"]), rel=1e-4)
    gates = [epoch["openGates"] for epoch in two["history"]]
    assert gates == [epoch["openGates"] for epoch in figures["one"]["history"]]


def test_killed_workers_are_started_again(figures, two):
    said, killed = [], []

    def say(line):
        """Kills a worker in the middle of each stage: the second one, then the first."""
        said.append(line)
        stage = line.split(":")[0]
        if line.startswith(("search: epoch 1 ", "retrain: epoch 1 ")) and stage not in [each for each, _ in killed]:
            worker = own_workers()[1 - len(killed)]
            os.kill(worker, signal.SIGKILL)
            killed.append((stage, worker))

    figures["killed"] = run("killed", workers=2, say=say, checkpoint_steps=10, restarts=len(("search", "retrain")))
    figures["kills"] = len(killed)
    assert [stage for stage, _ in killed] == ["search", "retrain"]
    assert [line.split(" of the ")[1] for line in said if line.startswith("continues")] == ["search", "retrain"]
    assert values(figures["killed"]) == pytest.approx(values(two), rel=1e-6)


def test_a_run_that_loses_too_many_workers_says_how_to_continue(tmp_path):
    def say(line):
        os.kill(own_workers()[0], signal.SIGKILL)

    with pytest.raises(ConnectionError, match="workers were lost more than 0 times. The same command continues"):
        run(tmp_path / "lost", workers=2, restarts=0, say=say)


def test_an_error_of_a_worker_is_not_tried_again(tmp_path):
    with pytest.raises(ValueError, match="the search closed all"):
        run(tmp_path / "closed", workers=2, strength=1e6, search_epochs=1)


def test_servers_train_as_one_worker_and_a_killed_one_is_started_again(figures, two):
    said = []

    def say(line):
        said.append(line)
        if line.startswith("retrain: epoch 1 ") and said.count(line) == 1:
            found = own_processes(b"tfjs_autofis.server_tasks\0ps\x001\0")
            os.kill(found[0], signal.SIGKILL)

    servers = run("servers", workers=2, servers=2, piece_bytes=1024, say=say, checkpoint_steps=10)
    assert "a process that all need is lost: all are started again" in said
    assert losses(servers) == pytest.approx(losses(two), rel=1e-5)
    assert values(servers) == pytest.approx(values(two), rel=1e-4)


def own_workers():
    """The processes of workers that this one has started, by their number."""
    return own_processes(b"ray::RayTrainWorker")


def own_processes(command):
    """The processes with a command that this one has started, by their number."""
    found, queue = [], [os.getpid()]
    while queue:
        process = queue.pop()
        if command in Path(f"/proc/{process}/cmdline").read_bytes():
            found.append(process)
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            queue += map(int, children.read_text().split())
    return sorted(found)
