"""Prints how far SavedModels are from the bundles that they were made of. Arguments: folder, names of the bundles."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

assert importlib.util.find_spec("tfjs_autofis") is None


def difference(bundle, saved):
    serve = tf.saved_model.load(saved).signatures["serving_default"]
    inputs = json.loads((saved / "assets.extra" / "inputs.json").read_text("utf-8"))
    expected = json.loads((bundle / "expected.json").read_text("utf-8"))
    given = {}
    for each in inputs:
        texts = [row[each["column"]] or "" for row in expected["rows"]]
        is_number = each["dtype"] == "float64"
        given[each["name"]] = tf.constant([float(x or "nan") for x in texts] if is_number else texts, each["dtype"])
    (found,) = serve(**given).values()
    return float(np.abs(found.numpy()[:, 0] - expected["probabilities"]).max())


folder = Path(sys.argv[1])
print(json.dumps([difference(folder / name, folder / f"{name}.saved") for name in sys.argv[2:]]))
