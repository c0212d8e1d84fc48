"""The models that test/python/trained_models.ts trained in TensorFlow.js and wrote into the folder AUTOFIS_MODELS."""

import gc
import json
import os
from pathlib import Path

import numpy as np
import pytest

# The graphs of a hundred models are many objects, none of which is garbage before the end.
gc.freeze()
gc.set_threshold(200_000, 20, 100)

FOLDER = Path(os.environ["AUTOFIS_MODELS"])
CASES = json.loads((FOLDER / "cases.json").read_text())


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


EXPORTED = ("pairs, triples and MLP, multi-hot", "products by themselves")


@pytest.fixture(params=[case for case in CASES if case["title"] in EXPORTED], ids=title)
def exported(request):
    """A model with multi-hot fields, triples and an MLP, and one of products by themselves."""
    return content(request.param)


@pytest.fixture
def one():
    """The case of the smallest model."""
    return content(CASES[1])
