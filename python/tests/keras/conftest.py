"""The models that test/python/keras.test.ts trained in TensorFlow.js and wrote into the folder AUTOFIS_MODELS."""

import gc
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import tfjs_autofis
from tfjs_autofis.training import train

# The graphs of a hundred models are many objects, none of which is garbage before the end.
gc.freeze()
gc.set_threshold(200_000, 20, 100)

FOLDER = Path(os.environ["AUTOFIS_MODELS"])
CASES = json.loads((FOLDER / "cases.json").read_text())
SHARDS = FOLDER / "cluster-shards"
SETTINGS = json.loads((FOLDER / "cluster-expected.json").read_text())["settings"]
# Few and large steps, since each is many messages between processes; in the last batch each of two workers has one row.
FEW_STEPS = {**SETTINGS, "search_epochs": 1, "epochs": 1, "batch_size": 1666, "checkpoint_steps": 3}


@pytest.fixture
def folder():
    return FOLDER


def content(case):
    """{title, folder, ids, predictions} of a trained model."""
    return {**case, "folder": FOLDER / case["folder"], "ids": np.array(case["ids"], "int32"),
            "predictions": np.array(case["predictions"], "float32")}


def title(case):
    return case["title"]


@pytest.fixture(params=CASES, ids=title)
def case(request):
    return content(request.param)


@pytest.fixture(params=[CASES[3], CASES[5]], ids=title)
def exported(request):
    """A model with multi-hot fields, triples and an MLP, and one of products by themselves."""
    return content(request.param)


@pytest.fixture
def one():
    """The case of the smallest model."""
    return content(CASES[1])


class Stopped(Exception):
    """Where a run ends in a test."""


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """What one worker makes of cluster-deep, stopped in the retrain and continued.

    (its result, its folder, that folder in the middle of the search)
    """
    one, begun, said = *(tmp_path_factory.mktemp("alone") / name for name in ("one", "begun")), []

    def say(line):
        said.append(line)
        if line.startswith("search: epoch 1"):
            shutil.copytree(one, begun)
        if line.startswith("retrain: epoch 1") and said.count(line) == 1:
            raise Stopped

    args = (FOLDER / "cluster-deep", SHARDS, one)
    with pytest.raises(Stopped):
        train(*args, **FEW_STEPS, say=say)
    result = train(*args, **FEW_STEPS, say=say)
    assert [line for line in said if "continues" in line] == ["continues after step 3 of the retrain"]
    return result, one, begun
