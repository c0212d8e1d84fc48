"""Compares RowEncoder on all rows of a Parquet file with shards of the same rows. Arguments: file, shards."""

import json
import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tfjs_autofis import RowEncoder

file, shards = sys.argv[1], Path(sys.argv[2])
part = json.loads((shards / "manifest.json").read_text())["parts"]["train"]
written = pa.concat_tables([pa.ipc.open_file(shards / each["name"]).read_all() for each in part["files"]])
rows = parquet.read_table(file)
encoder = RowEncoder(shards)
found = encoder.encode(rows)
ids = written.column("ids").combine_chunks().flatten().to_numpy().reshape(-1, encoder.columns)
assert ids.shape == found.ids.shape and len(ids) > 0
assert int((ids != found.ids).sum()) == 0, "ids differ"
assert int((written.column("label").to_numpy() != encoder.labels(rows)).sum()) == 0, "labels differ"
assert found.issues == [] and found.counts == part["fields"]
