"""A model of TensorFlow.js predicts the same in Keras, saved by Keras and as a SavedModel; ONNX files are valid."""

import numpy as np
import onnx
import pytest
import tensorflow as tf
import tf_keras as keras

import tfjs_autofis
from tfjs_autofis.__main__ import main


@pytest.fixture
def command(monkeypatch):
    """Runs python -m tfjs_autofis."""

    def run(*args):
        monkeypatch.setattr("sys.argv", ["tfjs_autofis", *map(str, args)])
        main()

    return run


def test_predicts_the_same(case):
    model = tfjs_autofis.load_model(case["folder"])
    assert len(case["ids"]) == 1000
    assert len(set(case["predictions"])) > 20
    np.testing.assert_allclose(model.predict(case["ids"], verbose=0)[:, 0], case["predictions"], rtol=0, atol=1e-5)


def test_predicts_the_same_as_a_saved_keras_model(case, command, tmp_path):
    command("keras", case["folder"], tmp_path / "model.keras")
    with keras.utils.custom_object_scope(tfjs_autofis.custom_objects):
        model = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(model.predict(case["ids"], verbose=0)[:, 0], case["predictions"], rtol=0, atol=1e-5)


def test_predicts_the_same_as_a_saved_model(case, command, tmp_path):
    command("saved_model", case["folder"], tmp_path)
    serve = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    predictions = serve(ids=tf.constant(case["ids"]))["click"].numpy()[:, 0]
    np.testing.assert_allclose(predictions, case["predictions"], rtol=0, atol=1e-5)


def test_onnx_file_is_valid(case):
    onnx.checker.check_model(str(case["folder"] / "model.onnx"), full_check=True)


@pytest.mark.parametrize("name", ["search", "adam", "pairs", "case-0", "case-1"])
def test_writes_what_it_read(name, folder, tmp_path):
    model = tfjs_autofis.load_model(folder / name)
    tfjs_autofis.save_model(model, tmp_path)
    assert (tmp_path / "weights.bin").read_bytes() == (folder / name / "weights.bin").read_bytes()


def test_a_damaged_file_is_an_error(case, tmp_path):
    for name in ("model.json", "weights.bin"):
        (tmp_path / name).write_bytes((case["folder"] / name).read_bytes())
    with open(tmp_path / "weights.bin", "ab") as file:
        file.write(b"\0\0\0\0")
    with pytest.raises(ValueError, match=r"must have \d+ bytes"):
        tfjs_autofis.load_model(tmp_path)
