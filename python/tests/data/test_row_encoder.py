"""Raw rows get the ids of TypeScript, from whatever kind of table; what is wrong is named."""

import copy
import datetime
import decimal
import json
import os
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tfjs_autofis import RowEncoder
from tfjs_autofis.fitted import fitted_field, schema_hash
from tfjs_autofis.js_json import js_json, js_number


def fitted_of(rules, values=None, label=None):
    schema = {"version": 1, "label": label or {"column": "y"}, "fields": rules}
    training = {"missing": 0, "unseen": 0}
    fields = [fitted_field(rule, training, (values or {}).get(rule["name"], []), []) for rule in rules]
    return {"version": 1, "rows": 10, "schema": schema, "fields": fields}


RULES = [
    {"type": "categorical", "name": "site", "column": "site"},
    {"type": "numeric", "name": "age", "column": "age", "bucketing": "edges", "edges": [20, 40.5]},
    {"type": "multiValued", "name": "genres", "column": "genres", "separator": "|", "width": 2},
    {"type": "dateTime", "name": "weekday", "column": "day", "part": "weekday"},
]
FITTED = fitted_of(RULES, {"site": ["5", "1.5", "true"], "genres": ["x", "y"]})
ROWS = {
    "site": [5, 1.5, True, None, "5"],
    "age": [20, 19.9, "40.5", None, float("nan")],
    "genres": ["x|z", ["y", "x"], None, [], "y"],
    "day": ["2014-10-21", "2014-10-26 05:00", None, "", "2020-02-29"],
}
IDS = [[2, 2, 2, 1, 3], [3, 1, 2, 3, 1], [4, 3, 0, -1, 0], [0, 0, 0, -1, 0], [2, 0, 3, -1, 7]]


def test_every_value_has_the_id_of_typescript(hard):
    encoder = RowEncoder(hard["fitted"])
    found = encoder.encode({"x": hard["values"]})
    expected = np.array(hard["ids"]).reshape(-1, encoder.columns)
    wrong = np.argwhere(found.ids != expected)
    assert [
        (hard["values"][row], int(column), int(found.ids[row, column]), int(expected[row, column]))
        for row, column in wrong
    ] == []
    assert {(issue["row"], issue["field"]) for issue in found.issues} == set(map(tuple, hard["issues"]))
    assert found.counts == hard["counts"]


def test_dicts_of_columns_and_lists_of_rows():
    encoder = RowEncoder(FITTED)
    assert encoder.encode(ROWS).ids.tolist() == IDS
    rows = [{name: values[i] for name, values in ROWS.items() if values[i] is not None} for i in range(5)]
    found = encoder.encode(rows)
    assert found.ids.tolist() == IDS and found.ids.dtype == np.int32
    assert found.counts[0] == {"name": "site", "missing": 1, "unseen": 0}
    assert found.counts[2] == {"name": "genres", "missing": 2, "unseen": 1}
    assert encoder.encode([]).ids.shape == (0, 5)


def test_items_of_lists_hold_the_separator_and_numbers_have_one_text():
    encoder = RowEncoder(fitted_of(RULES, {"site": ["5", "0.00001"], "genres": ["x|z", "1", "0.5"]}))
    lists = [["x|z", "x"], [1.0, 0.5], [], [None]]
    rows = {"site": [5.0, decimal.Decimal("5.00"), 1e-5, []], "age": [1] * 4, "genres": lists, "day": [None] * 4}
    expected = [[2, 1, 2, 1, 0], [2, 1, 3, 4, 0], [3, 1, 0, -1, 0], [0, 1, 0, -1, 0]]
    assert encoder.encode(rows).ids.tolist() == expected
    typed = {
        "site": pa.array([decimal.Decimal(text) for text in ("5.00", "5.00", "0.00001")], pa.decimal128(9, 5)),
        "genres": pa.array([[1.0, 0.5], [None], [float("nan"), 0.5]], pa.list_(pa.float64())),
    }
    found = encoder.encode(pa.table({**typed, "age": [1] * 3, "day": pa.nulls(3, pa.string())}))
    assert found.ids[:, [0, 2, 3]].tolist() == [[2, 3, 4], [2, 0, -1], [3, 4, -1]]


def test_typed_lists_and_objects_are_refused_where_they_do_not_belong():
    table = pa.table({"site": [["a"]], "age": [1], "genres": [{"a": 1}], "day": ["2014-10-21"]})
    found = RowEncoder(FITTED).encode(table)
    assert [(issue["column"], issue["value"], issue["problem"]) for issue in found.issues] == [
        ("site", '["a"]', "is a list or an object, but the field takes one value"),
        ("genres", '{"a":1}', "is not a list of values"),
    ]


def test_every_value_is_unseen_where_no_training_row_had_one():
    ids = RowEncoder(fitted_of(RULES)).encode(ROWS).ids
    assert ids[:, 0].tolist() == [1, 1, 1, 0, 1]
    assert ids[:, 2:4].tolist() == [[1, -1], [1, -1], [0, -1], [0, -1], [1, -1]]


def test_frames_arrow_tables_and_relations():
    encoder = RowEncoder(FITTED)
    assert (
        encoder.encode(
            pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in ROWS.items()})
        ).ids.tolist()
        == IDS
    )
    typed = pd.DataFrame(
        {
            "site": [5.0, 1.5, np.nan],
            "age": [20, 19, 41],
            "genres": pd.Categorical(["x|z", None, "y"]),
            "day": pd.to_datetime(["2014-10-21", "2014-10-26", None]),
            "more": [1, 2, 3],
        }
    )
    expected = [[2, 2, 2, 1, 3], [3, 1, 0, -1, 1], [0, 3, 3, -1, 0]]
    assert encoder.encode(typed).ids.tolist() == expected
    table = pa.Table.from_pandas(typed)
    assert encoder.encode(table).ids.tolist() == expected
    assert encoder.encode(duckdb.connect().from_arrow(table)).ids.tolist() == expected
    lists = [["x", "z"], None, ["y", None]]
    for kind in (pa.list_(pa.string()), pa.list_(pa.string(), 2)):
        of_lists = table.set_column(2, "genres", pa.array(lists, kind))
        assert encoder.encode(of_lists).ids.tolist() == expected


def test_instants_are_read_in_utc_in_whatever_zone_the_machine_is(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(FITTED))
    code = (
        "import sys, pandas, tfjs_autofis; days = pandas.to_datetime(['2014-10-21 01:00']).tz_localize('Europe/Paris');"
        "rows = pandas.DataFrame({'site': 5, 'age': 20, 'genres': 'x', 'day': days});"
        "print(tfjs_autofis.RowEncoder(sys.argv[1]).encode(rows).ids.tolist())"
    )
    command = [sys.executable, "-c", code, tmp_path]
    env = {**os.environ, "TZ": "Asia/Tokyo"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "[[2, 2, 2, -1, 2]]\n"


def test_times_and_decimals_have_the_same_text_as_objects_and_in_typed_columns():
    paris = datetime.timezone(datetime.timedelta(hours=2))
    instants = [datetime.datetime(2014, 10, 21, 1, tzinfo=paris), datetime.datetime(2014, 10, 26, 12, tzinfo=paris)]
    times = [datetime.datetime(2014, 10, 21, 1), datetime.datetime(2014, 10, 21, 1, 2, 3, 500000)]
    decimals = [decimal.Decimal("1E+2"), decimal.Decimal("5")]
    texts = {
        "day": ["2014-10-20 23:00:00+00", "2014-10-26 10:00:00+00"],
        "site": ["2014-10-21 01:00:00", "2014-10-21 01:02:03.5"],
        "age": ["100", "5"],
    }
    encoder = RowEncoder(fitted_of([{"type": "categorical", "name": name, "column": name} for name in texts], texts))
    objects = {"day": instants, "site": times, "age": decimals}
    expected = [[2, 2, 2], [3, 3, 3]]
    assert encoder.encode(objects).ids.tolist() == expected
    table = pa.table({**objects, "age": pa.array(decimals, pa.decimal128(3, 0))})
    assert encoder.encode(table).ids.tolist() == expected
    frame = pd.DataFrame({"day": instants, "site": times, "age": decimals})
    assert encoder.encode(frame).ids.tolist() == expected
    assert encoder.encode(frame.to_dict("records")).ids.tolist() == expected


def test_instants_as_objects_are_read_in_utc():
    early = datetime.datetime(2014, 10, 21, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    rows = [{"site": 5, "day": early}, {"site": 5, "day": pd.Timestamp(early)}]
    assert RowEncoder(FITTED).encode(rows).ids[:, 4].tolist() == [2, 2]


def test_numbers_and_dates_of_numpy():
    days = [np.datetime64("2014-10-21T05:00", "ns"), np.datetime64("2014-10-26"), np.datetime64("NaT", "ns")]
    ages = np.array([20, 19, 41], np.float16)
    rows = {**{name: values[:3] for name, values in ROWS.items()}, "age": ages, "day": days}
    expected = [[2, 2, 2, 1, 3], [3, 1, 2, 3, 1], [4, 3, 0, -1, 0]]
    assert RowEncoder(FITTED).encode(rows).ids.tolist() == expected
    for swapped in (ages.astype(">f2"), ages.astype(">i8"), pd.Series(ages.astype(">f4"))):
        assert RowEncoder(FITTED).encode({**rows, "age": swapped}).ids.tolist() == expected


@pytest.mark.parametrize(
    "rule, values, expected",
    [
        ({"column": "y"}, [1, "0", True, "false", "1.0", 0.0], [1, 0, 1, 0, 1, 0]),
        ({"column": "y", "positive": [">50K"], "negative": ["<=50K"]}, [">50K", "<=50K"], [1, 0]),
        ({"column": "y", "comparison": ">=", "threshold": 0.1}, ["0.1", 0.0999, 5], [1, 0, 1]),
    ],
)
def test_labels(rule, values, expected):
    labels = RowEncoder(fitted_of(RULES[:1], label=rule)).labels({"y": values})
    assert labels.dtype == np.float32 and labels.tolist() == expected


@pytest.mark.parametrize("values, shown", [([1, 2, 3], "'2'"), ([1, None], "None")])
def test_a_wrong_label_is_named(values, shown):
    message = rf"labels: row 1, column 'y': {shown} is not a label: labels are 0 and 1\. Correct"
    with pytest.raises(ValueError, match=message):
        RowEncoder(FITTED).labels({"y": values})


def test_wrong_values_are_missing_and_listed():
    found = RowEncoder(FITTED).encode([{"age": "abc"}, {"day": "2014-02-30", "age": "1e999"}])
    assert found.ids.tolist() == [[0, 0, 0, -1, 0]] * 2
    assert found.issues == [
        {"row": 0, "column": "age", "field": "age", "value": "abc", "problem": "is not a number"},
        {"row": 1, "column": "age", "field": "age", "value": "1e999", "problem": "is not a number"},
        {
            "row": 1,
            "column": "day",
            "field": "weekday",
            "value": "2014-02-30",
            "problem": "is not a date of the form ISO 8601",
        },
    ]


@pytest.mark.parametrize(
    "rows, message",
    [
        (
            pd.DataFrame({"site": [1], "age": [1], "genre": ["x"]}),
            "the rows have no column 'genres', 'day'. They have \"site\"",
        ),
        ({**ROWS, "site": [["a"]] * 5}, r"row 0, column 'site': \['a'\] is a list, and the field takes one value"),
        ({**ROWS, "site": [{"a": 1}] * 5}, "row 0, column 'site': {'a': 1} is neither text, number"),
        ({**ROWS, "genres": [[["x"], "y"]] * 5}, r"row 0, column 'genres': \[\['x'\], 'y'\] is neither text, number"),
        (
            {"site": "abc", "age": "1", "genres": "x", "day": "2014-10-21"},
            r"`rows\['site'\]` must be a list of values, .* Received: \"abc\"\. A single row is a list of one dict\.",
        ),
        ({**ROWS, "age": 5}, r"`rows\['age'\]` must be a list of values, one for each row\. Received: 5\."),
        ({**ROWS, "age": [5]}, r'`rows` must have columns of the same length\. Received: {"site": 5, "age": 1, '),
        ({**ROWS, "site": np.zeros((5, 2))}, "column 'site' cannot be read: only handle 1-dimensional arrays. Give"),
        ({**ROWS, "site": ["\ud800"] * 5}, "column 'site' cannot be read: .* surrogates not allowed. Give"),
        (
            pd.DataFrame([[1, 2, "x", "2014-10-21", 1]], columns=["site", "age", "genres", "day", "age"]),
            "the rows have several columns 'age'. Rename or remove the others.",
        ),
        (
            [{"site": 1}, {}, {"sites": 1, "Age": 2}],
            r"`rows\[2\]` must have at least one of the columns 'site', 'age', .* Received: \[\"sites\", \"Age\"\]\.",
        ),
        ([{"site": 1}, 5], r"`rows\[1\]` must be a dict of values by column. Received: 5"),
        (7, r"`rows` must be a DataFrame, an Arrow table, .* Received: \"int\"\."),
        ("site,age", r"`rows` must be a DataFrame, an Arrow table, .* Received: \"str\"\."),
        (np.zeros((2, 5)), r"`rows` must be a DataFrame, an Arrow table, .* Received: \"ndarray\"\."),
    ],
)
def test_other_rows_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        RowEncoder(FITTED).encode(rows)


def test_columns_that_differ_in_case_alone_are_refused():
    rules = [{"type": "categorical", "name": name, "column": name} for name in ("id", "ID")]
    with pytest.raises(ValueError, match="^RowEncoder.encode: the columns 'id' and 'ID' differ only in case. "):
        RowEncoder(fitted_of(rules)).encode([{"id": "a", "ID": "b"}])
    rules = [{"type": "categorical", "name": name, "column": name} for name in ("é", "É")]
    values = {"é": ["a"], "É": ["b"]}
    assert RowEncoder(fitted_of(rules, values)).encode(values).ids.tolist() == [[2, 2]]


def test_reads_schemas_of_bundles_and_of_shards(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(FITTED))
    (tmp_path / "bundle.json").write_text(json.dumps({"schemaHash": schema_hash(FITTED)}))
    for source in (tmp_path, tmp_path / "schema.json", str(tmp_path)):
        assert RowEncoder(source).encode(ROWS).ids.tolist() == IDS
    (tmp_path / "bundle.json").write_text(json.dumps({"schemaHash": "abc"}))
    with pytest.raises(
        ValueError, match="has the hash .*, but bundle.json was made with abc. Copy the whole folder again"
    ):
        RowEncoder(tmp_path)


def test_of_a_run_the_bundle_is_named(tmp_path):
    with pytest.raises(ValueError, match=f'Received: "{tmp_path}". {tmp_path} has no schema.json.$'):
        RowEncoder(tmp_path)
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "schema.json").write_text(json.dumps(FITTED))
    with pytest.raises(ValueError, match=f'Received: "{tmp_path}". Give {tmp_path}/bundle.$'):
        RowEncoder(tmp_path)


def changed(path, value):
    fitted = copy.deepcopy(FITTED)
    at = fitted
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return fitted


@pytest.mark.parametrize(
    "fitted, message",
    [
        (FITTED["schema"], "the schema has no vocabularies yet. Fit it"),
        (changed(["schema", "version"], 2), "`version` must be 1"),
        (changed(["schema", "fields", 0, "minCounts"], 2), r'`fields\[0\]` has the unknown key "minCounts"'),
        (changed(["schema", "fields", 0, "type"], "word"), r"`fields\[0\].type` must be one of categorical"),
        (
            changed(["schema", "fields", 1, "edges"], [2, 1]),
            r"`fields\[1\].edges` must be a list of rising finite numbers. Received: \[2, 1\]",
        ),
        (
            changed(["schema", "fields", 2, "width"], 0),
            r"`fields\[2\].width` must be an integer from 1 to 65536. Received: 0",
        ),
        (changed(["schema", "fields", 3, "format"], "%d.%m.%y.%K"), "'%K' is not a unit"),
        (changed(["schema", "fields", 3, "format"], "%d.%m"), "the part 'weekday' needs %Y, which the format lacks"),
        (
            changed(["schema", "label"], {"column": "y", "positive": ["a"], "negative": []}),
            "`label.negative` must be a non-empty list",
        ),
        (changed(["fields", 0, "values"], ["a", "a"]), r"`fields\[0\].values` must be different strings"),
        (
            changed(["fields", 0, "size"], 9),
            r"`fields\[0\].size` must be 5, by the rule and the values of the field. Received: 9",
        ),
        (
            "nowhere",
            'must be a bundle, a folder of shards, a schema.json or its content. Received: "nowhere". There is no',
        ),
    ],
)
def test_other_schemas_are_refused(fitted, message):
    with pytest.raises(ValueError, match=message):
        RowEncoder(fitted)


@pytest.mark.parametrize(
    "number, text",
    [
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (1e-7, "1e-7"),
        (1.25e-6, "0.00000125"),
        (123456789012345680000.0, "123456789012345680000"),
        (-2.5, "-2.5"),
        (2**60, "1152921504606846976"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(number, text):
    assert js_number(number) == text
    assert (
        js_json({"b": [number, "é\n", None, True], "a": {}}, ordered=True)
        == f'{{"a":{{}},"b":[{text},"é\\n",null,true]}}'
    )


def test_rows_need_no_tensorflow():
    code = (
        "import sys, tfjs_autofis; assert not {'tensorflow', 'duckdb', 'ray'} & set(sys.modules); "
        "tfjs_autofis.RowEncoder; assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
