"""A training that began in TensorFlow.js continues in Keras, to the same result."""

import json
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import tfjs_autofis


def weights_and_state(folder):
    model = tfjs_autofis.load_model(folder)
    values = {f"{number} {name}": value for number, (name, value) in enumerate(model.optimizer.state())}
    return {**{weight.name: weight.numpy() for weight in model.weights}, **values}


def assert_same_training(folder, expected):
    found = weights_and_state(folder).items()
    for (name, value), wanted in zip(found, weights_and_state(expected).values(), strict=True):
        np.testing.assert_allclose(value, wanted, rtol=1e-4, atol=2e-6, err_msg=name)


@pytest.fixture(scope="module", params=["search", "adam", "pairs"])
def training(request):
    return train_here(request.param)


@pytest.fixture(scope="module")
def search():
    return train_here("search")


@lru_cache
def train_here(name):
    """(name, losses of each step) of a training that continues in this process, which sees whole batches."""
    folder = Path(os.environ["AUTOFIS_MODELS"])
    steps = json.loads((folder / "steps.json").read_text())
    model = tfjs_autofis.load_model(folder / name)
    losses = [
        float(model.train_on_batch(np.array(ids, "int32"), np.array(labels, "float32")))
        for ids, labels in zip(steps["ids"], steps["labels"])
    ]
    tfjs_autofis.save_model(model, folder / f"{name}_from_keras")
    return name, losses


def test_goes_on_as_in_tensorflow_js(folder, training):
    name, losses = training
    np.testing.assert_allclose(losses, json.loads((folder / "steps.json").read_text())["losses"][name], rtol=1e-5)
    assert_same_training(folder / f"{name}_from_keras", folder / f"{name}_went_on")


def test_closes_gates(folder, search):
    alpha = tfjs_autofis.load_model(folder / "search_from_keras").get_layer("gate").alpha.numpy()
    assert 0 < np.count_nonzero(alpha) < len(alpha)
