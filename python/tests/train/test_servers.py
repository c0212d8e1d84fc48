"""Training with tables in pieces on servers: as by one worker, also continued and with a killed worker."""

import json
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
import tf_keras as keras
from cluster import FEW_STEPS, FOLDER, SHARDS
from test_train import losses, same_models

from tfjs_autofis.joint_moments import JointBatchNormalization
from tfjs_autofis.model_checks import check_tables
from tfjs_autofis.piece_draws import drawn_by_rows
from tfjs_autofis.training import train


def test_two_workers_and_two_servers_continue_as_one_worker(tmp_path, alone):
    (result, one, begun), two, said = alone, tmp_path / "two", []
    shutil.copytree(begun, two)

    def say(line):
        said.append(line)
        if line.startswith("search: epoch 1"):
            kill_worker()

    both = train(FOLDER / "cluster-deep", SHARDS, two, **FEW_STEPS, workers=2, servers=2, piece_bytes=64, say=say)
    assert said[:3] == [
        "continues after step 3 of the search",
        # Half of the rows of each table is on each server.
        "table/embeddings: 81 rows, 41 on server 0, 40 on server 1",
        "linear/kernel: 81 rows, 41 on server 0, 40 on server 1",
    ]
    np.testing.assert_allclose(losses(both), losses(result), rtol=1e-5)
    assert [epoch["openGates"] for epoch in both["history"]] == [epoch["openGates"] for epoch in result["history"]]
    assert sorted(os.listdir(two)) == ["model", "run.json", "searched", "training.json"]
    for name in ("searched", "model"):
        same_models(two / name, one / name)


def kill_worker():
    """Kill a worker of the cluster that this process has started."""
    children = [child for each in Path("/proc/self/task").glob("*/children") for child in each.read_text().split()]
    worker = next(each for each in children if b"\0worker\x001\0" in Path(f"/proc/{each}/cmdline").read_bytes())
    os.kill(int(worker), signal.SIGKILL)


@pytest.mark.parametrize(
    "initializer",
    [
        keras.initializers.RandomUniform(-0.1, 0.3, 5),
        keras.initializers.RandomNormal(0.1, 2, 6),
        keras.initializers.TruncatedNormal(0, 1, 7),
        keras.initializers.GlorotUniform(8),
        keras.initializers.Constant(2),
    ],
    ids=lambda each: type(each).__name__,
)
def test_pieces_are_parts_of_one_draw(initializer):
    draw = drawn_by_rows(initializer, (1001, 3))
    bounds = [0, 334, 668, 1001]
    pieces = [
        draw((1001, 3), dtype=tf.float32, partition_shape=(stop - start, 3), partition_offset=(start, 0))
        for start, stop in zip(bounds, bounds[1:])
    ]
    np.testing.assert_array_equal(np.concatenate(pieces), draw((1001, 3), dtype=tf.float32))


class InPieces:
    """Stands for a table on two servers."""

    variables = (1, 2)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"table_l2": 1}, "layer table has a penalty on its whole table.*Use batchL2, or train without --servers"),
        ({"dictionary": 1}, "layer table looks its combinations up in one dictionary.*Use hashSize"),
        (
            {"embeddings_initializer": keras.initializers.Orthogonal()},
            "layer table has the initializer Orthogonal.*Use randomUniform",
        ),
    ],
)
def test_a_table_that_cannot_be_in_pieces_is_named(attributes, message):
    layer = keras.layers.Layer(name="table")
    vars(layer).update({"embeddings": InPieces(), **attributes})
    with pytest.raises(ValueError, match=message):
        check_tables(keras.Sequential([layer]))


def test_noise_that_changes_from_pass_to_pass_is_refused():
    model = keras.Sequential([keras.layers.GaussianNoise(1, name="noise"), JointBatchNormalization()])
    with pytest.raises(ValueError, match=r"layer noise \(GaussianNoise\) draws other values.*Use SeededDropout"):
        check_tables(model)


@pytest.mark.parametrize(
    ("config", "options", "message"),
    [
        (None, {"servers": 0}, "`servers` must be an integer of at least 1. Received: 0"),
        ({"worker": ["a:1"], "ps": ["b:1"]}, {}, "`TF_CONFIG` must have the form .*with servers .*chief"),
        (
            {"chief": ["c:1"], "worker": ["a:1"], "ps": ["b:1"]},
            {"servers": 2},
            "`servers` must be 1, the tasks ps of TF_CONFIG, or be left out. Received: 2",
        ),
    ],
)
def test_wrong_clusters_are_named(config, options, message, tmp_path, monkeypatch):
    if config is not None:
        task = {"type": "worker", "index": 0}
        monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": config, "task": task}))
    with pytest.raises(ValueError, match=f"train: {message}"):
        train(FOLDER / "cluster-plain", SHARDS, tmp_path / "run", **options)
