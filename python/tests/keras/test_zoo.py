"""Every model of the zoo predicts the same in Keras; a layer that Keras does not know is named."""

import json

import numpy as np
import pytest
import tensorflow as tf

import tfjs_autofis


def test_every_model_predicts_the_same(folder):
    for case in json.loads((folder / "zoo.json").read_text()):
        model = tfjs_autofis.load_model(folder / case["folder"], compile=False)
        predictions = model(np.array(case["ids"], "int32"), training=False).numpy()[:, 0]
        np.testing.assert_allclose(predictions, case["predictions"], rtol=0, atol=1e-5, err_msg=case["title"])


@pytest.mark.parametrize("name", ["autoInt", "finalMlp with fields for its gates"])
def test_a_saved_model_predicts_the_same(name, folder, tmp_path):
    cases = json.loads((folder / "zoo.json").read_text())
    case = next(case for case in cases if case["title"] == f"{name}: multi-hot, dropout everywhere")
    tfjs_autofis.write_saved_model(folder / case["folder"], tmp_path)
    serve = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    predictions = serve(ids=tf.constant(case["ids"], tf.int32))["probability"].numpy()[:, 0]
    np.testing.assert_allclose(predictions, case["predictions"], rtol=0, atol=1e-5)


@pytest.mark.parametrize("nested", [False, True])
def test_names_an_unknown_layer(nested, folder, tmp_path):
    document = json.loads((folder / "search" / "model.json").read_text())
    layers = document["modelTopology"]["config"]["layers"]
    entry = next(layer for layer in layers if layer["config"]["name"] == "hidden")
    unknown = {"class_name": "Mystery", "config": {"name": "riddle"}}
    entry.update({"class_name": "Sequential", "config": {"name": "inner", "layers": [unknown]}} if nested else unknown)
    (tmp_path / "model.json").write_text(json.dumps(document))
    message = (r"load_model: the layer riddle \(Mystery\) is neither one of tf_keras nor of "
               r".*GatedInteraction.*SeededDropout\. "
               r"Call load_model in a tf_keras\.utils\.custom_object_scope that has its class\.")
    with pytest.raises(ValueError, match=message):
        tfjs_autofis.load_model(tmp_path)
