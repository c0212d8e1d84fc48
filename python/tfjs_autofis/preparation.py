"""Preparation: from Parquet files to shards, in blocks for any number of processes."""

import json
import os
import shutil
import socket

from .block_tasks import MOST_EXAMPLES, WHERE, count_block, encode_block, field_file, fit_counted
from .engines import ENGINES
from .fitted import check_fitted, field_specs, schema_hash
from .js_json import js_json, read_json
from .rule_sql import needed_columns
from .schema import check_integers, check_schema
from .shard_files import write_manifest
from .source import plan_blocks
from .split import PARTS, check_split

_SHOWN = 5
_ROWS_CURE = "Give rows with all columns of the rows that the schema was fitted on."


def prepare(source, schema, folder, split=None, engine="ray", workers=None, rows_per_shard=2**18, max_rejects=0):
    """Fit a schema on the training rows of Parquet files and write the ids of all rows.

    The ids equal those of `prepare` in the TypeScript package, row by row.

    source: path or URI of the files, such as 'folder/*.parquet', or several of them.
    schema: a schema, as JSON or its path; a fitted schema keeps its vocabularies.
    folder: the folder of the shards, on a disk that all workers share. A failed run removes its files.
    split: as in the TypeScript package; without it all rows are for training.
    engine: 'ray' or 'spark', which start on this machine or join the cluster of RAY_ADDRESS or SPARK_MASTER, or
        'local', this process alone.
    workers: most tasks at a time, at least 1; by default as many as there are cores.
    rows_per_shard: most rows of a file, unless one row group of the source has more.
    max_rejects: most rows that may be left out since they are invalid.

    Returns {manifest, fitted, rejects}. Raises a ValueError with file, row, column and value where more than
    `max_rejects` rows are invalid.
    """
    schema = read_json(schema, WHERE) if isinstance(schema, (str, os.PathLike)) else schema
    given = check_fitted(schema, WHERE) if isinstance(schema, dict) and "schema" in schema else None
    schema = check_schema(schema if given is None else given["schema"], WHERE)
    if "label" not in schema:
        raise ValueError(f"{WHERE}: the schema has no `label`, which shards need. Add {{label: {{column}}}}.")
    if split is not None:
        check_split(split, WHERE)
    check_integers(WHERE, 1, rows_per_shard=rows_per_shard, **({} if workers is None else {"workers": workers}))
    check_integers(WHERE, 0, max_rejects=max_rejects)
    if engine not in ENGINES:
        raise ValueError(f"{WHERE}: `engine` must be one of {', '.join(ENGINES)}. Received: {engine}.")
    folder = os.path.abspath(folder)
    if os.path.exists(folder):
        raise ValueError(f"{WHERE}: {folder} exists already. Remove it, or give another folder.")
    columns = needed_columns(schema, split)
    cure = "Correct the schema." if given is None else _ROWS_CURE
    blocks = plan_blocks(source, columns, rows_per_shard, WHERE, cure)
    partial = f"{folder}.partial-{socket.gethostname()}-{os.getpid()}"
    job = {
        "schema": schema,
        "split": split,
        "columns": columns,
        "partial": partial,
        "rows": sum(block["rows"] for block in blocks),
    }
    try:
        for each in ("shards", "counts", "fields", "writing"):
            os.makedirs(os.path.join(partial, each))
        with ENGINES[engine](workers) as run:
            return _prepare(run, job, blocks, given, max_rejects, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _prepare(run, job, blocks, given, max_rejects, folder):
    place = os.path.join(job["partial"], "shards")
    fitted = _fit(run, job, blocks, max_rejects) if given is None else given
    with open(os.path.join(place, "schema.json"), "w", encoding="utf-8") as file:
        file.write(js_json(fitted))
    encoded = run(encode_block, {**job, "schemaHash": schema_hash(fitted)}, blocks)
    rejects = _check_rejects(encoded, max_rejects)
    parts = {part: _part([each["parts"][part] for each in encoded if part in each["parts"]]) for part in PARTS}
    parts = {part: about for part, about in parts.items() if about["rows"] > 0}
    if not parts:
        raise ValueError(f"{WHERE}: no part of the split has valid rows. Check the source and the split.")
    if "train" in parts:
        _check_labels(parts["train"])
    manifest = write_manifest(place, schema_hash(fitted), field_specs(fitted), "weight" in job["schema"], parts)
    os.rename(place, folder)
    return {"manifest": manifest, "fitted": fitted, "rejects": rejects}


def _fit(run, job, blocks, max_rejects):
    counted = run(count_block, job, blocks)
    _check_rejects(counted, max_rejects)
    training = {key: sum(each[key] for each in counted) for key in ("rows", "positives")}
    if training["rows"] == 0:
        raise ValueError(f"{WHERE}: there are no training rows. Check the split.")
    _check_labels(training)
    fields = range(len(job["schema"]["fields"]))
    run(fit_counted, {**job, "training": training["rows"]}, list(fields))
    return {
        "version": 1,
        "schema": job["schema"],
        "rows": training["rows"],
        "fields": [read_json(field_file(job, i), WHERE) for i in fields],
    }


def _part(files):
    """A part of the manifest from the results of its blocks."""
    about = {key: sum(each["file"][key] for each in files) for key in ("rows", "positives")}
    counts = [
        {"name": same[0]["name"], **{key: sum(each[key] for each in same) for key in ("missing", "unseen")}}
        for same in zip(*(each["counts"] for each in files))
    ]
    return {**about, "files": [each["file"] for each in files], "fields": counts}


def _check_labels(rows):
    if not 0 < rows["positives"] < rows["rows"]:
        raise ValueError(
            f"{WHERE}: the label of all {rows['rows']} training rows is {min(1, rows['positives'])}. "
            "A model needs both; check the label column and the split."
        )


def _check_rejects(results, most):
    count = sum(each["rejects"]["count"] for each in results)
    examples = [example for each in results for example in each["rejects"]["examples"]][:MOST_EXAMPLES]
    if count > most:
        first = "".join(f"\n  {_reject_text(**each)}" for each in examples[:_SHOWN])
        raise ValueError(
            f"{WHERE}: {count} rows are invalid, and max_rejects is {most}.{first}\n"
            "Correct them, or raise max_rejects."
        )
    return {"count": count, "examples": examples}


def _reject_text(file, row, column, value, reason):
    return f"{file}, row {row}, column {json.dumps(column)}: {json.dumps(value)} {reason}"
