"""Compares RowEncoder on all rows of Parquet files with shards of the same rows. Arguments: a file, its shards, ..."""

import json
import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tfjs_autofis import RowEncoder


def check(file, shards):
    part = json.loads((shards / "manifest.json").read_text())["parts"]["train"]
    written = pa.concat_tables([pa.ipc.open_file(shards / each["name"]).read_all() for each in part["files"]])
    rows = parquet.read_table(file)
    encoder = RowEncoder(shards)
    found = encoder.encode(rows)
    ids = written.column("ids").combine_chunks().flatten().to_numpy().reshape(-1, encoder.columns)
    assert ids.shape == found.ids.shape and len(ids) > 0, file
    assert int((ids != found.ids).sum()) == 0, f"{file}: ids differ"
    assert int((written.column("label").to_numpy() != encoder.labels(rows)).sum()) == 0, f"{file}: labels differ"
    assert found.issues == [] and found.counts == part["fields"], file


for file, shards in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    check(file, Path(shards))
