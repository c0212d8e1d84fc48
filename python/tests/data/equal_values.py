"""Compares RowEncoder and a SavedModel with what TypeScript found for the same rows. Argument: the folder of
test/data/equal_values.test.ts.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from pyarrow import parquet

from tfjs_autofis import RowEncoder, write_saved_model

sys.path.append(str(Path(__file__).parents[3] / "examples" / "serve_python"))
from serve import value_of  # noqa: E402

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text("utf-8"))
rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text("utf-8").splitlines()]
table = parquet.read_table(folder / "rows.parquet")
encoder = RowEncoder(folder / "run" / "bundle")
ids = np.array(expected["ids"]).reshape(-1, encoder.columns)
forms = {
    "dicts": rows,
    "columns": {name: [row[name] for row in rows] for name in rows[0]},
    "Arrow": table,
    "pandas of Arrow": table.to_pandas(),
    "objects of Arrow": table.to_pylist(),
    # Without precise_float pandas reads other numbers than the text has.
    "pandas of JSON": pd.read_json(folder / "plain.jsonl", lines=True, dtype=False, precise_float=True),
}
for name, form in forms.items():
    found = encoder.encode(form)
    wrong = np.argwhere(found.ids != ids)
    assert found.issues == [] and [rows[row] for row, _ in wrong[:3]] == [], name

write_saved_model(folder / "run" / "bundle", folder / "saved", True)
serve = tf.saved_model.load(str(folder / "saved")).signatures["serving_default"]
inputs = json.loads((folder / "saved" / "assets.extra" / "inputs.json").read_text("utf-8"))
given = {
    each["name"]: tf.constant([value_of(row, i, each) for i, row in enumerate(rows)], each["dtype"]) for each in inputs
}
(found,) = serve(**given).values()
differences = np.abs(found.numpy()[:, 0] - expected["probabilities"])
assert [rows[row] for row in np.flatnonzero(differences > 1e-6)[:3]] == []
