"""The rules as graphs of TensorFlow give the ids that RowEncoder gives in TypeScript."""

import numpy as np
import pytest
import tensorflow as tf

from tfjs_autofis.fitted import check_fitted
from tfjs_autofis.rule_graphs import rule_graph
from tfjs_autofis.saved_model import input_names
from tfjs_autofis.tables import connect


@pytest.fixture(scope="module")
def numbers(hard):
    """The numbers that the texts mean, NaN for other texts."""
    texts = [[each] for each in hard["values"]]
    connection = connect()
    connection.execute("CREATE TABLE texts (i INTEGER, text VARCHAR)")
    connection.executemany("INSERT INTO texts VALUES (?, ?)", [[i, *each] for i, each in enumerate(texts)])
    found = connection.execute("SELECT autofis_finite(autofis_number(text)) FROM texts ORDER BY i").fetchall()
    return np.array([np.nan if x is None else x for (x,) in found])


def test_whatever_value_by_whatever_rule(hard, numbers):
    fitted = check_fitted(hard["fitted"], "test")
    rules = fitted["schema"]["fields"]
    texts = tf.constant([each or "" for each in hard["values"]])
    found = []
    for rule, field in zip(rules, fitted["fields"]):
        graph = tf.function(rule_graph(rule, field, rule["name"]).__call__)
        # Of a number that is missing by its text only, such as "-", the caller gives NaN.
        ids = graph(tf.constant(numbers) if rule["type"] == "numeric" else texts).numpy()
        found.append(ids.reshape(len(texts), -1))
    expected = np.array(hard["ids"]).reshape(len(texts), -1)
    assert len(texts) > 300
    columns = [rule["name"] for rule in rules for _ in range(rule.get("width", 1))]
    different = [
        (columns[j], hard["values"][i], int(np.concatenate(found, 1)[i, j]), int(expected[i, j]))
        for i, j in np.argwhere(np.concatenate(found, 1) != expected)
    ]
    assert different == []


@pytest.mark.parametrize("batch", [0, 1])
def test_batches_of_any_size(hard, batch):
    for rule, field in zip(hard["fitted"]["schema"]["fields"], hard["fitted"]["fields"]):
        graph = rule_graph(rule, field, rule["name"])
        value = np.nan if rule["type"] == "numeric" else ""
        ids = graph(tf.constant([value] * batch, graph.dtype)).numpy()
        assert len(ids) == batch and (ids if ids.ndim == 1 else ids[:, 0]).tolist() == [0] * batch


def test_a_format_of_too_many_units_is_refused():
    rule = {"type": "dateTime", "name": "day", "column": "x", "part": "hour", "format": "%Y%y%m%b%d%H%I%p%M%S"}
    with pytest.raises(ValueError, match="day: a SavedModel reads at most 9 units of a date. Received: '%Y%y"):
        rule_graph(rule, {"name": "day"}, "day")


def test_inputs_have_names_that_tensorflow_allows():
    fields = ["site_id", "I2 without -1", "I2_without__1", "1st", "_x", "é", "a b", "a.b"]
    assert input_names(fields) == [
        *["site_id", "I2_without__1_2", "I2_without__1", "field_1st", "field__x", "field__", "a_b", "a_b_2"]
    ]
