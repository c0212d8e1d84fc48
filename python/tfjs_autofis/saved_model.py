"""SavedModels, which TensorFlow serves without this package."""

import json
import re
from pathlib import Path

import tensorflow as tf

from .files import load_model
from .fitted import read_fitted
from .rule_graphs import rule_graph

INPUTS = "inputs.json"
"""In the folder assets.extra of a SavedModel of raw values: which input takes which column."""


def write_saved_model(folder, out, vocabulary=False):
    """Write a model of TensorFlow.js as a SavedModel.

    Its inputs are the model's, ids. With `vocabulary` the folder is a bundle, and the SavedModel takes raw values: one
    input [batch] for each field, named after it, strings ("" where one is missing), or float64 for a numeric rule
    (NaN). out/assets.extra/inputs.json lists name, field, column, dtype and missing values of each input, and for a
    multiValued rule the `separator` of the input: that of the rule or, where it occurs in an item, another one, and the
    rule's as `textSeparator`. TensorFlow takes identifiers only as names, so a field "a b" is the input a_b.
    """
    model = load_model(folder, compile=False)
    root = tf.Module()
    root.model = model
    inputs = []
    if vocabulary:
        fitted = read_fitted(str(folder), "write_saved_model")
        serve, inputs = _of_values(root, fitted)
    else:
        serve = _of_ids(model)
    if "://" not in str(out):
        # An error of Python, which has the words of the system and the path.
        Path(out).mkdir(parents=True, exist_ok=True)
    tf.saved_model.save(root, str(out), signatures={"serving_default": serve})
    if vocabulary:
        extra = Path(out) / "assets.extra"
        extra.mkdir(exist_ok=True)
        (extra / INPUTS).write_text(json.dumps(inputs, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _of_ids(model):
    specs = [
        tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype, name=name)
        for tensor, name in zip(model.inputs, model.input_names)
    ]

    @tf.function(input_signature=specs, autograph=False)
    def serve(*inputs):
        return _outputs(model, list(inputs) if len(inputs) > 1 else inputs[0])

    return serve


def _of_values(root, fitted):
    """The function from raw values to the model's outputs, and its inputs."""
    where = "write_saved_model"
    rules = fitted["schema"]["fields"]
    root.fields = [
        rule_graph(rule, field, f"{where}: {rule['name']}") for rule, field in zip(rules, fitted["fields"])
    ]
    columns = sum(rule.get("width", 1) for rule in rules)
    shapes = [tuple(tensor.shape) for tensor in root.model.inputs]
    if shapes != [(None, columns)]:
        raise ValueError(
            f"{where}: the model must have one input, ids [rows, {columns}] by the schema beside it. "
            f"Received inputs of the shapes {shapes}. Give the folder of a bundle."
        )
    inputs = [
        {
            "name": name,
            "field": rule["name"],
            "column": rule["column"],
            "dtype": graph.dtype.name,
            "missing": rule.get("missing", []),
            **_separators(rule, graph),
        }
        for name, rule, graph in zip(input_names([rule["name"] for rule in rules]), rules, root.fields)
    ]

    specs = [tf.TensorSpec([None], each["dtype"], name=each["name"]) for each in inputs]

    @tf.function(input_signature=specs, autograph=False)
    def serve(*values):
        ids = [graph(each) for graph, each in zip(root.fields, values)]
        ids = [each[:, None] if each.shape.rank == 1 else each for each in ids]
        return _outputs(root.model, tf.cast(tf.concat(ids, 1), tf.int32))

    return serve, inputs


def _separators(rule, graph):
    if rule["type"] != "multiValued":
        return {}
    other = {} if graph.separator == rule["separator"] else {"textSeparator": rule["separator"]}
    return {"separator": graph.separator, **other}


def _outputs(model, inputs):
    outputs = model(inputs, training=False)
    return dict(zip(model.output_names, outputs if isinstance(outputs, (list, tuple)) else [outputs]))


def input_names(fields):
    """Names of fields as TensorFlow allows them for inputs, each once."""
    names = []
    for field in fields:
        plain = re.sub(r"\W", "_", field, flags=re.ASCII)
        plain = plain if re.match(r"[A-Za-z]", plain) else f"field_{plain}"
        name, count = plain, 1
        while name in names or (name != field and name in fields):
            count += 1
            name = f"{plain}_{count}"
        names.append(name)
    return names
