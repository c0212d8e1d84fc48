"""Tasks of an engine's processes: count and encode blocks, and fit fields.

A result depends only on the arguments, and a file appears only when it is complete, so a killed task can run again.
"""

import glob
import os
from contextlib import contextmanager
from functools import lru_cache
from uuid import uuid4

import numpy as np

from .fit import fit_field
from .js_json import js_json, read_json
from .rule_sql import RowSql, literal
from .schema import has_vocabulary
from .shard_files import write_shard
from .source import read_block
from .split import FILE, PARTS, ROW, add_part
from .tables import connect, types_of
from .vocabularies import Vocabularies

WHERE = "prepare"
MOST_EXAMPLES = 100


def count_block(job, block):
    """Count the values of each field in the training rows of a block."""
    connection = _connection()
    table, sql, bad = _staged(connection, job, block)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE train AS SELECT * FROM staged WHERE NOT ({bad}) AND part = 0{_weighted(job)}"
    )
    rows, positives = connection.execute("SELECT count(*), coalesce(sum(label), 0)::BIGINT FROM train").fetchone()
    counts = " UNION ALL ".join(_counted(i, rule) for i, rule in enumerate(sql.rules))
    file = os.path.join(job["partial"], "counts", f"{block['index']}.parquet")
    with _written(job, file) as path:
        connection.execute(f"COPY ({counts}) TO {literal(path)} (FORMAT parquet)")
    return {"rows": rows, "positives": positives, "rejects": _rejects(connection, table, sql, bad, block)}


def _counted(i, rule):
    """The values of a field and how many rows have each; only missing ones where nothing is fitted on values."""
    value, rows = {}, f"train GROUP BY v{i}"
    if rule["type"] == "multiValued":
        value = {"items": f"v{i}"}
    elif has_vocabulary(rule):
        value = {"word": f"v{i}"}
    elif rule["type"] == "numeric" and rule.get("bucketing") != "edges":
        value = {"x": f"v{i}"}
    else:
        rows = f"train WHERE v{i} IS NULL"
    kinds = {"word": "NULL::VARCHAR", "items": "NULL::VARCHAR[]", "x": "NULL::DOUBLE", **value}
    columns = ", ".join(f"{sql} AS {name}" for name, sql in kinds.items())
    return f"SELECT {i}::INTEGER AS field, {columns}, count(*) AS n FROM {rows}"


def fit_counted(job, index):
    """Fit a field on what all blocks have counted."""
    # The folder's name may have what means something in a pattern.
    files = literal(os.path.join(glob.escape(job["partial"]), "counts", "*.parquet"))
    counts = f"(SELECT word, items, x, n FROM read_parquet({files}) WHERE field = {index})"
    field = fit_field(_connection(), job["schema"]["fields"][index], counts, job["training"])
    with _written(job, field_file(job, index)) as path:
        with open(path, "w", encoding="utf-8") as file:
            file.write(js_json(field))


def encode_block(job, block):
    """Write the ids of a block's rows, a file for each part."""
    place = os.path.join(job["partial"], "shards")
    vocabularies = _vocabularies(os.path.join(place, "schema.json"), job["schemaHash"])
    connection = _connection()
    table, sql, bad = _staged(connection, job, block)
    found = vocabularies.encode(connection, sql, "staged")
    good = ~np.any([found.others[f"bad{i}"] for i in range(len(sql.checks))], axis=0)
    label, part_of, weights = (found.others.get(name) for name in ("label", "part", "weight"))
    if weights is not None:
        good &= weights > 0
    parts = {}
    for i, part in enumerate(PARTS):
        rows = np.flatnonzero(good & (part_of == i))
        if len(rows) > 0:
            name = f"{part}-{block['index']:05d}.arrow"
            with _written(job, os.path.join(place, name)) as path:
                entry = write_shard(path, found.ids[rows], label[rows], None if weights is None else weights[rows])
            parts[part] = {"file": {"name": name, **entry}, "counts": found.counts(sql.rules, rows)}
    return {"parts": parts, "rejects": _rejects(connection, table, sql, bad, block)}


@contextmanager
def _written(job, file):
    """A path for writing a file; the complete file then gets its own name."""
    path = os.path.join(job["partial"], "writing", f"{uuid4().hex}-{os.path.basename(file)}")
    yield path
    os.replace(path, file)


def _staged(connection, job, block):
    """Make the table `staged` of a block; return its rows, their RowSql, and the condition of invalid rows."""
    table = read_block(block, job["columns"], WHERE)
    connection.register("rows", table)
    schema = job["schema"]
    sql = RowSql(schema, types_of(connection, "rows"))
    sql.add_label(schema["label"])
    if "weight" in schema:
        sql.add_weight(schema["weight"])
    add_part(sql, job["split"], job["rows"])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM {sql.values('rows')}")
    return table, sql, " OR ".join(f"bad{i}" for i in range(len(sql.checks)))


def _weighted(job):
    return " AND weight > 0" if "weight" in job["schema"] else ""


def _rejects(connection, table, sql, bad, block):
    """The invalid rows: their number, and the first of them, each by its number in its file."""
    count = connection.execute(f"SELECT count(*) FROM staged WHERE {bad}").fetchone()[0]
    if count == 0:
        return {"count": 0, "examples": []}
    first = "CASE " + " ".join(f"WHEN bad{i} THEN {i}" for i in range(len(sql.checks))) + " END"
    found = connection.execute(
        f"SELECT rowid, {first} FROM staged WHERE {bad} ORDER BY rowid LIMIT {MOST_EXAMPLES}"
    ).fetchall()
    connection.register("failed", table.take([row for row, _ in found]))
    texts = connection.execute(f"SELECT {', '.join(check.text for check in sql.checks)} FROM failed").fetchall()
    places = zip(*(table.column(name).take([row for row, _ in found]).to_pylist() for name in (FILE, ROW)))
    starts = {piece["file"]: piece["start"] for piece in block["pieces"]}
    return {
        "count": count,
        "examples": [
            {
                "file": file,
                "row": row - starts[file] + 1,
                "column": sql.checks[check].column,
                "value": text[check],
                "reason": sql.checks[check].reason,
            }
            for (file, row), (_, check), text in zip(places, found, texts)
        ],
    }


def field_file(job, index):
    return os.path.join(job["partial"], "fields", f"{index}.json")


@lru_cache(1)
def _connection():
    return connect(threads=1)


@lru_cache(1)
def _vocabularies(file, hash):
    """Those of the fitted schema of this hash, made once in each process."""
    return Vocabularies(_connection(), read_json(file, WHERE))
