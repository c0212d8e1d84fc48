"""The models that test/python/keras.test.ts trained in TensorFlow.js and wrote into the folder AUTOFIS_MODELS."""

import gc
import json
import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import tfjs_autofis

# The graphs of a hundred models are many objects, none of which is garbage before the end.
gc.freeze()
gc.set_threshold(200_000, 20, 100)

FOLDER = Path(os.environ["AUTOFIS_MODELS"])
CASES = json.loads((FOLDER / "cases.json").read_text())


@pytest.fixture
def folder():
    return FOLDER


@pytest.fixture(params=CASES, ids=[case["title"] for case in CASES])
def case(request):
    """{title, folder, ids, predictions} of a trained model."""
    return {**request.param, "folder": FOLDER / request.param["folder"],
            "ids": np.array(request.param["ids"], "int32"),
            "predictions": np.array(request.param["predictions"], "float32")}
