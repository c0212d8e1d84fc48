"""The search and the retrain of `train`: as in TensorFlow.js, by one worker and by two, stopped and continued."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from cluster import EXPECTED, FEW_STEPS, FOLDER, SETTINGS, SHARDS
from processes import ending_together

import tfjs_autofis
from tfjs_autofis import block_order
from tfjs_autofis.__main__ import main
from tfjs_autofis.server_tasks import free_ports
from tfjs_autofis.shard_rows import ShardRows
from tfjs_autofis.training import train
from tfjs_autofis.training_worker import auc


def losses(result):
    return [epoch["loss"] for epoch in result["history"]] + [result["test"]["loss"], result["test"]["auc"]]


def same_models(folder, other):
    one, two = (tfjs_autofis.load_model(each, compile=False).get_weights() for each in (folder, other))
    for value, wanted in zip(one, two, strict=True):
        np.testing.assert_allclose(value, wanted, rtol=1e-4, atol=1e-5)


def test_rows_come_in_the_order_of_the_typescript_package():
    batches = ShardRows(SHARDS, "train").batches(SETTINGS["batch_size"], SETTINGS["seed"])
    assert [int(batch.ids[0, 0]) for _, batch in zip(EXPECTED["first"], batches)] == EXPECTED["first"]
    windows = block_order.BlockOrder([40_000, 150_000], SETTINGS["seed"]).windows(3)
    for (_, blocks, order), wanted in zip(windows, EXPECTED["windows"], strict=True):
        assert [list(block) for block in blocks] == wanted["blocks"]
        assert order[:50].tolist() == wanted["order"]


def test_workers_divide_each_joint_batch(monkeypatch):
    monkeypatch.setattr(block_order, "WINDOW_BLOCKS", 1)
    alone = [batch for _, batch in zip(range(12), ShardRows(SHARDS, "train").batches(999, 3))]
    assert [batch.rows for batch in alone] == 2 * [999, 999, 999, 999, 999, 5]
    shares = [ShardRows(SHARDS, "train", index, 7).batches(999, 3, from_step=2) for index in range(7)]
    for whole, *parts in zip(alone[2:], *shares):
        for name in ("ids", "labels", "weights"):
            np.testing.assert_array_equal(np.concatenate([getattr(part, name) for part in parts]), getattr(whole, name))
        assert [part.first for part in parts] == [index * whole.rows // 7 for index in range(7)]
        assert {(part.rows, part.total) for part in parts} == {(whole.rows, whole.total)}
        assert whole.total == pytest.approx(whole.weights.sum(dtype=float))


def test_searches_as_tensorflow_js_does(tmp_path):
    run, said = tmp_path / "run", []
    options = {**SETTINGS, "epochs": 1, "say": said.append}
    result = train(FOLDER / "cluster-plain", SHARDS, run, **options)
    search = result["history"][:2]
    np.testing.assert_allclose([epoch["loss"] for epoch in search], EXPECTED["loss"], rtol=1e-5)
    assert [epoch["openGates"] for epoch in search] == EXPECTED["openGates"]
    assert 0 < search[1]["openGates"] < 10
    found, wanted = (
        tfjs_autofis.load_model(folder).get_layer("gate").alpha.numpy()
        for folder in (run / "searched", FOLDER / "cluster-searched")
    )
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4)
    # The retrain keeps the gates that the search left open.
    trained = tfjs_autofis.load_model(run / "model", compile=False).get_layer("gate")
    np.testing.assert_array_equal(trained.open.numpy(), found != 0)
    assert said[-1] != f"the run in {run} is finished"
    assert train(FOLDER / "cluster-plain", SHARDS, run, **options) == result
    assert said[-1] == f"the run in {run} is finished"


def test_two_workers_train_as_one_that_is_stopped_and_continues(tmp_path, alone):
    two, (result, one, _) = tmp_path / "two", alone
    codes, outputs = results_of(start_workers(two))
    if min(codes) < 0:
        # TensorFlow's collectives have aborted a process once in some dozen runs. A fault of ours would do so again.
        warnings.warn(f"A worker was ended by a signal {codes}: {outputs}", stacklevel=1)
        shutil.rmtree(two, ignore_errors=True)
        codes, outputs = results_of(start_workers(two))
    assert codes == [0, 0], outputs
    assert outputs[1][0] == ""
    both = json.loads((two / "training.json").read_text())
    np.testing.assert_allclose(losses(both), losses(result), rtol=1e-5)
    assert [epoch["openGates"] for epoch in both["history"]] == [epoch["openGates"] for epoch in result["history"]]
    assert sorted(os.listdir(two)) == sorted(os.listdir(one)) == ["model", "run.json", "searched", "training.json"]
    same_models(two / "model", one / "model")
    shutil.copytree(two / "model", FOLDER / "cluster-trained")
    # A run that is complete is not trained again.
    assert train(FOLDER / "cluster-deep", SHARDS, two, **FEW_STEPS) == both


def results_of(processes):
    """(exit codes, what each wrote to its two outputs)."""
    with ending_together(processes):
        outputs = [process.communicate() for process in processes]
    return [process.returncode for process in processes], outputs


def start_workers(folder):
    workers = [f"localhost:{port}" for port in free_ports(2)]
    options = [f"--{name.replace('_', '-')}={value}" for name, value in FEW_STEPS.items()]
    command = [sys.executable, "-m", "tfjs_autofis", "train", FOLDER / "cluster-deep", SHARDS, folder, *options]
    return [
        subprocess.Popen(
            command,
            env={
                **os.environ,
                "TF_CONFIG": json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for index in range(2)
    ]


def test_an_interrupted_command_says_how_to_continue(tmp_path, monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("tfjs_autofis.training_worker.run_worker", interrupted)
    monkeypatch.setattr("sys.argv", ["tfjs_autofis", "train", str(FOLDER / "cluster-plain"), str(SHARDS), "run"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="train: stopped. The same command continues from the last checkpoint in run"):
        main()


def test_ctrl_c_ends_a_run_of_ray_whose_workers_do_not_answer(tmp_path, monkeypatch):
    calls = []

    class Ray:
        """Ray and its trainer, which is interrupted and does not end."""

        TrainingFailedError = ArithmeticError

        def __getattr__(self, name):
            return lambda *args, **options: calls.append(name) or {}

        def fit(self):
            calls.append(threading.current_thread() is threading.main_thread())
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)

    found = Ray(), Ray(), lambda *args, **options: Ray()
    monkeypatch.setattr("tfjs_autofis.ray_train._ray_train", lambda workers: found)
    with pytest.raises(KeyboardInterrupt):
        train(FOLDER / "cluster-plain", SHARDS, tmp_path / "run", workers=2)
    assert False in calls and calls[-1] == "shutdown"


def test_a_run_that_cannot_begin_leaves_its_folder_to_another(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="must take the 8 columns"):
        train(FOLDER / "search", SHARDS, tmp_path / "run")
    monkeypatch.setattr("tfjs_autofis.training_worker.run_worker", lambda *args: None)
    assert train(FOLDER / "cluster-plain", SHARDS, tmp_path / "run") is None
    assert os.listdir(tmp_path / "run") == ["run.json"]


def copied_shards(folder):
    return shutil.copytree(SHARDS, folder / "shards")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, r"train: `batch_size` must be an integer of at least 1. Received: 0."),
        ({"strength": -1}, r"train: `strength` must be a finite number above 0. Received: -1."),
        (
            {"held_out": "dev"},
            r"train: `held_out` must be a part of the shards with rows: train, valid, test. Received: .*dev",
        ),
        ({"model": FOLDER}, r"train: .*model.json cannot be read: No such file or directory\. Check the path\.$"),
        ({"shards": FOLDER}, r"train: `shards` must be a folder of shards, with manifest.json"),
        ({"model": FOLDER / "search"}, r"train: `model` must take the 8 columns of the shards. Received: .*11"),
        ({"strength": 1e6}, r"train: the search closed all 10 gates.* smaller strength"),
    ],
)
def test_wrong_arguments_are_named(options, message, tmp_path):
    given = {"model": FOLDER / "cluster-plain", "shards": SHARDS, "folder": tmp_path, "batch_size": 1000}
    with pytest.raises(ValueError, match=message):
        train(**{**given, **options})


def test_other_rows_and_other_runs_are_refused(tmp_path, monkeypatch):
    shards, run = copied_shards(tmp_path), tmp_path / "run"
    name = shards / "train-00001.arrow"
    content = bytearray(name.read_bytes())
    content[len(content) // 2] ^= 1
    name.write_bytes(content)
    with pytest.raises(ValueError, match=r"train-00001.arrow, rows \d+ to \d+, have another checksum.*Encode the data"):
        for _, _ in zip(range(50), ShardRows(shards, "train").batches(500, 1)):
            pass
    name.write_bytes(content[:-100])
    with pytest.raises(ValueError, match=r"train-00001.arrow cannot be read as a shard"):
        ShardRows(shards, "train")
    monkeypatch.setattr("tfjs_autofis.training_worker.run_worker", lambda *args: None)
    train(FOLDER / "cluster-plain", SHARDS, run, batch_size=100)
    with pytest.raises(ValueError, match=r"has a run with another batch_size: 100. Received: 200. Continue it with"):
        train(FOLDER / "cluster-plain", SHARDS, run, batch_size=200)
    with pytest.raises(ValueError, match=r"has other files. Remove it, or give another folder"):
        train(FOLDER / "cluster-plain", SHARDS, shards)
    monkeypatch.setenv("TF_CONFIG", '{"cluster": {"ps": []}}')
    with pytest.raises(ValueError, match=r"train: `TF_CONFIG` must have the form"):
        train(FOLDER / "cluster-plain", SHARDS, run)


def test_auc_counts_pairs_by_their_weights():
    random = np.random.default_rng(1)
    labels, predictions = random.integers(0, 2, 60), random.integers(0, 9, 60) / 9
    weights = random.uniform(0.5, 2, 60)
    right = total = 0
    for i in np.flatnonzero(labels):
        for j in np.flatnonzero(1 - labels):
            ahead = (predictions[i] > predictions[j]) + (predictions[i] == predictions[j]) / 2
            right += weights[i] * weights[j] * ahead
            total += weights[i] * weights[j]
    assert auc(labels, predictions, weights) == pytest.approx(right / total)
    assert auc(np.ones(60), predictions, weights) is None
    assert auc(labels, predictions, weights * labels) is None
