"""Prints how far ONNX files of raw values are from the bundles that they were made of. Arguments: folder, names of the
bundles. Fields of a rule that ONNX lacks get the ids of RowEncoder.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from tfjs_autofis import RowEncoder


def difference(bundle):
    expected = json.loads((bundle / "expected.json").read_text("utf-8"))
    session = onnxruntime.InferenceSession(f"{bundle}.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, inputs_of(RowEncoder(bundle), expected["rows"]))
    assert found.shape == (len(expected["rows"]), 1)
    return float(np.abs(found[:, 0] - expected["probabilities"]).max())


def inputs_of(encoder, rows):
    ids, inputs, at = encoder.encode(rows).ids, {}, 0
    for rule in encoder.rules:
        texts = [row[rule["column"]] or "" for row in rows]
        width = rule.get("width", 1)
        if rule["type"] == "categorical":
            inputs[rule["name"]] = np.array(texts, object)
        elif rule["type"] == "numeric":
            inputs[rule["name"]] = np.array([float(text or "nan") for text in texts])
        else:
            own = ids[:, at : at + width]
            inputs[rule["name"]] = own if width > 1 else own[:, 0]
        at += width
    return inputs


folder = Path(sys.argv[1])
print(json.dumps([difference(folder / name) for name in sys.argv[2:]]))
