"""Shards as the TypeScript package writes them: Arrow files of ids, labels and weights, with checksums."""

import json
import os

import numpy as np

from .js_json import js_json, sha256
from .tables import require

CHECKSUM_ROWS = 2048
_BATCH_ROWS = 8 * CHECKSUM_ROWS
_K = np.uint64(0x9E3779B97F4A7C15)


def checksums_of(ids, labels, *more):
    """The checksum of each 2,048 rows, 16 hexadecimal digits.

    It is the sum of w_i (1 + K i) modulo 2^64 over the 32-bit words w_i of their ids, then of their labels as float32,
    and then of more columns: weights, groups.
    """
    text = []
    columns = [ids, labels.astype(np.float32), *more]
    for start in range(0, len(ids), CHECKSUM_ROWS):
        words = np.concatenate(
            [np.ascontiguousarray(each[start : start + CHECKSUM_ROWS]).reshape(-1).view(np.uint32) for each in columns]
        )
        factors = np.uint64(1) + _K * np.arange(len(words), dtype=np.uint64)
        text.append(f"{int((words * factors).sum(dtype=np.uint64)):016x}")
    return "".join(text)


def write_shard(path, ids, labels, weights=None):
    """Write rows as one Arrow file; return its entry in the manifest without the name."""
    pa = require("pyarrow")
    fields = [
        pa.field("ids", pa.list_(pa.field("item", pa.int32(), False), ids.shape[1]), False),
        pa.field("label", pa.uint8(), False),
    ]
    if weights is not None:
        fields.append(pa.field("weight", pa.float32(), False))
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, pa.schema(fields)) as writer:
        for start in range(0, len(ids), _BATCH_ROWS):
            rows = slice(start, start + _BATCH_ROWS)
            items = pa.array(ids[rows].reshape(-1))
            lists = pa.FixedSizeListArray.from_arrays(items, type=fields[0].type)
            arrays = [lists, pa.array(labels[rows]), *([] if weights is None else [pa.array(weights[rows])])]
            writer.write_batch(pa.record_batch(arrays, schema=pa.schema(fields)))
    more = [] if weights is None else [weights]
    return {"rows": len(ids), "positives": int(labels.sum()), "checksums": checksums_of(ids, labels, *more)}


def write_manifest(folder, schema_hash, fields, weights, parts):
    """Complete a folder of shards; `parts` is {part: {rows, positives, files, fields}}."""
    manifest = {
        "format": "tfjs-autofis-shards",
        "version": 1,
        "schemaHash": schema_hash,
        "fields": fields,
        "columns": sum(field.get("width", 1) for field in fields),
        "weights": weights,
        "parts": parts,
    }
    sealed = {**manifest, "sha256": sha256(js_json(manifest))}
    with open(os.path.join(folder, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump(sealed, file, indent=1, ensure_ascii=False)
    return manifest
