"""The models that test/python/keras.test.ts trained in TensorFlow.js and wrote into the folder AUTOFIS_MODELS."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(os.environ["AUTOFIS_MODELS"])
CASES = json.loads((FOLDER / "cases.json").read_text())


@pytest.fixture
def folder():
    return FOLDER


@pytest.fixture(params=CASES, ids=[case["title"] for case in CASES])
def case(request):
    """{title, folder, ids, predictions} of a trained model."""
    return {**request.param, "folder": FOLDER / request.param["folder"],
            "ids": np.array(request.param["ids"], "int32"), "predictions": np.array(request.param["predictions"], "float32")}
