"""A model of TensorFlow.js predicts the same in Keras, saved by Keras and as a SavedModel; ONNX files are valid."""

import hashlib
import json

import numpy as np
import onnx
import onnxruntime
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


def test_predicts_the_same_as_a_saved_keras_model(exported, command, tmp_path):
    command("keras", exported["folder"], tmp_path / "model.keras")
    with keras.utils.custom_object_scope(tfjs_autofis.custom_objects):
        model = keras.models.load_model(tmp_path / "model.keras")
    predictions = model.predict(exported["ids"], verbose=0)[:, 0]
    np.testing.assert_allclose(predictions, exported["predictions"], rtol=0, atol=1e-5)


def test_predicts_the_same_as_a_saved_model(exported, command, tmp_path):
    command("saved_model", exported["folder"], tmp_path)
    serve = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    predictions = serve(ids=tf.constant(exported["ids"]))["click"].numpy()[:, 0]
    np.testing.assert_allclose(predictions, exported["predictions"], rtol=0, atol=1e-5)


def test_onnx_file_is_valid_and_predicts_the_same(case):
    file = str(case["folder"] / "model.onnx")
    onnx.checker.check_model(file, full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (predictions,) = session.run(None, {session.get_inputs()[0].name: case["ids"]})
    np.testing.assert_allclose(predictions[:, 0], case["predictions"], rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["search", "adam", "pairs", "case-0", "case-1"])
def test_writes_what_it_read(name, folder, tmp_path):
    model = tfjs_autofis.load_model(folder / name)
    tfjs_autofis.save_model(model, tmp_path)
    assert (tmp_path / "weights.bin").read_bytes() == (folder / name / "weights.bin").read_bytes()


@pytest.mark.parametrize("change", [lambda content: content + b"\0\0\0\0", lambda content: content[:-1]])
def test_a_file_of_another_length_is_an_error(one, tmp_path, change):
    (tmp_path / "model.json").write_bytes((one["folder"] / "model.json").read_bytes())
    (tmp_path / "weights.bin").write_bytes(change((one["folder"] / "weights.bin").read_bytes()))
    with pytest.raises(ValueError, match=r"must have \d+ bytes. Received: \d+. Copy the whole folder again.$"):
        tfjs_autofis.load_model(tmp_path)


def test_a_changed_file_of_a_bundle_is_an_error(one, tmp_path):
    contents = {name: (one["folder"] / name).read_bytes() for name in ("model.json", "weights.bin")}
    listed = [{"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in contents.items()]
    (tmp_path / "bundle.json").write_text(json.dumps({"files": listed}))
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    tfjs_autofis.load_model(tmp_path)
    content = bytearray(contents["weights.bin"])
    content[5] ^= 1
    (tmp_path / "weights.bin").write_bytes(content)
    with pytest.raises(ValueError, match="load_model: .*weights.bin has changed since it was saved"):
        tfjs_autofis.load_model(tmp_path)


def test_a_ridge_shrinks_the_steps_between_ordered_values():
    fields = [
        {"name": "gone", "size": 4, "ordered": True, "ignored": True},
        {"name": "a", "size": 2},
        {"name": "price", "size": 5, "ordered": True},
        {"name": "c", "size": 1},
    ]
    layer = tfjs_autofis.custom_objects["FieldAwareEmbedding"](fields, 2, table_l2=0.5)
    layer.build((None, 4))
    # Two rows a value, one for each pair: a, then price from missing to its fourth bin, then c.
    rows = np.array([[1, 1], [2, 0], [3, 1], [4, 2], [6, 5], [9, 9], [7, 1], [5, 5]], "float32")
    layer.set_weights([np.repeat(rows.reshape(-1, 1), 2, axis=1)])
    squares = np.sum(rows[[0, 1, 2, 3, 7]] ** 2) + np.sum((rows[4:7] - rows[3:6]) ** 2)
    np.testing.assert_allclose(layer.losses, [0.5 * 2 * squares], rtol=1e-6)
    assert type(layer).from_config(layer.get_config()).table_l2 == 0.5


def test_a_slope_costs_the_same_however_many_bins_it_has():
    layer = tfjs_autofis.custom_objects["FieldEmbedding"]([{"name": "x", "size": 13, "ordered": True}], 2, table_l2=0.5)
    layer.build((None, 1))
    rows = np.array([2] + [3] * 11 + [5], "float32")
    layer.set_weights([np.repeat(rows.reshape(-1, 1), 2, axis=1)])
    # Twelve bins, of which one differs by 2 from the one before: that step counts 12 / 8 times.
    np.testing.assert_allclose(layer.losses, [0.5 * 2 * (4 + 9 + 1.5 * 4)], rtol=1e-6)
