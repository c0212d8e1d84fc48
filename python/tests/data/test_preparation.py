"""From Parquet files to shards in one process; what is wrong is named, and nothing is left behind."""

import json
import os
import subprocess
import sys

import pyarrow as pa
import pytest
from pyarrow import parquet

from tfjs_autofis import RowEncoder, prepare, preparation
from tfjs_autofis.source import plan_blocks

SCHEMA = {
    "version": 1,
    "label": {"column": "y"},
    "fields": [
        {"type": "categorical", "name": "site", "column": "site", "minCount": 2},
        {"type": "numeric", "name": "price", "column": "price", "bucketing": "quantiles", "buckets": 2},
    ],
}
COLUMNS = {"y": [0, 1, 1, 0, 1, 0], "site": ["a", "b", "a", None, "c", "b"], "price": ["1", "2", "x", "4", "5", ""]}


@pytest.fixture
def source(tmp_path):
    (tmp_path / "source").mkdir()
    for i in range(2):
        parquet.write_table(pa.table(COLUMNS), tmp_path / "source" / f"{i}.parquet", row_group_size=4)
    return tmp_path / "source"


def run(source, tmp_path, schema=SCHEMA, **options):
    return prepare(str(source), schema, tmp_path / "shards", **{"engine": "local", "rows_per_shard": 4, **options})


def test_rows_that_cannot_be_used_are_named_or_left_out(source, tmp_path):
    with pytest.raises(ValueError) as error:
        run(source, tmp_path, max_rejects=1)
    assert str(error.value) == (
        "prepare: 2 rows are invalid, and max_rejects is 1."
        f'\n  {source}/0.parquet, row 3, column "price": "x" is not a number'
        f'\n  {source}/1.parquet, row 3, column "price": "x" is not a number'
        "\nCorrect them, or raise max_rejects."
    )
    assert os.listdir(tmp_path) == ["source"]
    made = run(source, tmp_path, max_rejects=2)
    assert made["rejects"]["count"] == 2
    assert made["rejects"]["examples"][1] == {
        "file": f"{source}/1.parquet",
        "row": 3,
        "column": "price",
        "value": "x",
        "reason": "is not a number",
    }
    assert made["fitted"]["fields"][0]["values"] == ["b", "a", "c"] and made["fitted"]["rows"] == 10
    assert made["manifest"]["parts"]["train"]["rows"] == 10
    assert [file["rows"] for file in made["manifest"]["parts"]["train"]["files"]] == [3, 2, 3, 2]
    assert sorted(os.listdir(tmp_path)) == ["shards", "source"]


def test_a_fitted_schema_keeps_its_vocabulary(source, tmp_path):
    made = run(source, tmp_path, max_rejects=2)
    days = tmp_path / "day"
    days.mkdir()
    parquet.write_table(pa.table({"y": [1, 0], "site": ["b", "new"], "price": ["0", "9"]}), days / "0.parquet")
    again = prepare(str(days), str(tmp_path / "shards" / "schema.json"), tmp_path / "more", engine="local")
    assert again["fitted"] == made["fitted"] and again["manifest"]["schemaHash"] == made["manifest"]["schemaHash"]
    assert again["manifest"]["parts"]["train"]["fields"] == [
        {"name": "site", "missing": 0, "unseen": 1},
        {"name": "price", "missing": 0, "unseen": 0},
    ]
    assert RowEncoder(tmp_path / "more").encode([{"site": "b", "price": 0}]).ids.tolist() == [[2, 1]]
    parquet.write_table(pa.table({"y": [1, 0], "site": ["b", "new"]}), days / "0.parquet")
    with pytest.raises(ValueError, match="has no column 'price'. .* Give rows with all columns of the rows that the"):
        prepare(str(days), made["fitted"], tmp_path / "other", engine="local")


def test_16_bit_floats_and_lists_of_a_fixed_length(tmp_path):
    numbers, tags = pa.array([0.5, 1.5], pa.float16()), pa.array([[1, 2], [2, 3]], pa.list_(pa.int64(), 2))
    parquet.write_table(pa.table({"y": [0, 1], "n": numbers, "tags": tags}), tmp_path / "0.parquet")
    rules = [
        {"type": "numeric", "name": "n", "column": "n", "bucketing": "edges", "edges": [1]},
        {"type": "multiValued", "name": "tags", "column": "tags", "separator": "|", "width": 2},
    ]
    made = prepare(str(tmp_path / "0.parquet"), {**SCHEMA, "fields": rules}, tmp_path / "shards", engine="local")
    assert made["fitted"]["fields"][1]["values"] == ["2", "1", "3"]


@pytest.mark.parametrize(
    "options, message",
    [
        (
            {"schema": {**SCHEMA, "label": {"column": "z"}}},
            '0.parquet has no column \'z\'. It has "y", "site", "price". Correct the schema',
        ),
        ({"schema": {"version": 1, "fields": SCHEMA["fields"]}}, "the schema has no `label`, which shards need"),
        ({"schema": "nowhere.json"}, r"cannot be read: No such file or directory\. Give the path of a file\.$"),
        (
            {"split": {"by": "chance"}},
            '`split.by` must be one of fraction, group, order, file, column, time. Received: "chance"',
        ),
        ({"split": {"by": "fraction", "test": 0.1}}, "`split.seed` must be an integer >= 0. Received: null"),
        ({"split": {"by": "fraction", "test": 1, "seed": 1}}, "`split` must leave rows for training"),
        ({"split": {"by": "order", "seed": 1}}, '`split` has the unknown key "seed"'),
        (
            {"split": {"by": "column", "column": "site", "test": ["a"]}},
            "`split` must list different strings for `train`",
        ),
        ({"split": {"by": "column", "column": "site", "train": "abc"}}, "`split` must list different strings"),
        ({"split": {"by": "file", "train": ["0.parquet"], "test": 1}}, "`split` must list different strings"),
        ({"split": {"by": "column", "column": "site", "train": ["z"]}}, "there are no training rows. Check the split"),
        (
            {"split": {"by": "column", "column": "price", "train": ["1"]}},
            "the label of all 2 training rows is 0. A model needs both",
        ),
        ({"split": {"by": "time", "column": "site"}}, "`split` must have `validFrom`, `testFrom` or both"),
        (
            {"split": {"by": "time", "column": "site", "validFrom": "b", "testFrom": "a"}},
            "its cuts in the order validFrom, testFrom, until",
        ),
        (
            {"split": {"by": "time", "column": "site", "format": "iso", "testFrom": "2014-3-01"}},
            "`split` must have dates in ISO 8601 as its cuts, since it has a `format`",
        ),
        (
            {"schema": {**SCHEMA, "fields": [SCHEMA["fields"][0], {**SCHEMA["fields"][1], "column": "Site"}]}},
            "the columns 'site' and 'Site' differ only in case. Rename one",
        ),
        ({"engine": "ray", "workers": 0}, "`workers` must be an integer of at least 1. Received: 0"),
        ({"rows_per_shard": 0}, "`rows_per_shard` must be an integer of at least 1. Received: 0"),
        ({"max_rejects": -1}, "`max_rejects` must be an integer of at least 0. Received: -1"),
    ],
)
def test_other_arguments_are_refused(source, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        run(source, tmp_path, **{"max_rejects": 2, **options})
    assert os.listdir(tmp_path) == ["source"]


def test_other_files_are_refused(source, tmp_path):
    with pytest.raises(ValueError, match="no file matches the source .*csv. Give the path or URI of Parquet files"):
        run(source / "*.csv", tmp_path)
    (source / "2.parquet").write_text("text")
    with pytest.raises(ValueError, match=r"2.parquet cannot be read as Parquet: .*[^.]\. Copy or write it again\.$"):
        run(source, tmp_path)
    parquet.write_table(pa.table({**COLUMNS, "price": range(6)}), source / "2.parquet")
    with pytest.raises(
        ValueError, match="the column 'price' is of type int64 in .*2.parquet and of type string in .*0.parquet"
    ):
        run(source, tmp_path)
    (tmp_path / "shards").mkdir()
    with pytest.raises(ValueError, match="shards exists already. Remove it, or give another folder"):
        run(source, tmp_path)


def test_names_may_have_what_means_something_in_a_pattern(source, tmp_path):
    folder = source.rename(tmp_path / "a[1]")
    file = (folder / "1.parquet").rename(folder / "[1].parquet")
    for given in (folder, file):
        made = prepare(str(given), SCHEMA, tmp_path / given.name / "shards", engine="local", max_rejects=2)
        assert made["manifest"]["parts"]["train"]["rows"] == (10 if given is folder else 5)


@pytest.mark.parametrize("rows", [pa.table(COLUMNS).slice(0, 3), pa.table(COLUMNS).drop_columns(["site"])])
def test_a_file_that_changes_is_named(source, tmp_path, monkeypatch, rows):
    def plan(*arguments):
        blocks = plan_blocks(*arguments)
        parquet.write_table(rows, source / "1.parquet", row_group_size=4)
        return blocks

    monkeypatch.setattr(preparation, "plan_blocks", plan)
    with pytest.raises(ValueError, match=r"^prepare: .*1.parquet has changed since its rows were counted\. Prepare "):
        run(source, tmp_path)
    assert os.listdir(tmp_path) == ["source"]


@pytest.mark.parametrize("uri, reason", [("file://{}/none/*.parquet", "No such file"), ("no://a/b", "Unrecognized")])
def test_a_store_that_cannot_be_listed_is_named(tmp_path, uri, reason):
    uri = uri.format(tmp_path)
    with pytest.raises(ValueError) as error:
        prepare(uri, SCHEMA, tmp_path / "shards", engine="local")
    message = str(error.value)
    assert message.startswith(f"prepare: {uri} cannot be listed: ") and reason in message
    assert message.endswith(". Check the URI, the network and the credentials.")


def test_the_command_says_what_it_wrote_or_why_it_failed(source, tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    command = [
        sys.executable,
        "-m",
        "tfjs_autofis",
        "prepare",
        "--engine",
        "local",
        "--schema",
        tmp_path / "schema.json",
        "--source",
        source,
        "--folder",
        tmp_path / "shards",
        "--split",
        '{"by": "order", "test": 0.25}',
    ]
    refused = subprocess.run(command, capture_output=True, text=True)
    assert (
        refused.returncode == 1
        and refused.stderr.startswith("prepare: 2 rows are invalid")
        and "Traceback" not in refused.stderr
    )
    done = subprocess.run([*command, "--max-rejects", "2"], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "train: 7 rows, 3 positive, 1 file\ntest: 3 rows, 1 positive, 1 file\n"
        "2 rows could not be used and were left out\n"
    )
