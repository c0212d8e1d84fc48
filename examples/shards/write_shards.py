"""Shards for tfjs-autofis from any engine that has PyArrow: Spark, Dask, Ray, pandas, DuckDB.

    python write_shards.py FOLDER      writes a small example

`write_shard` writes one file, on whichever machine has its rows; `write_manifest` is called once, at the end. In Spark,
with the columns `ids` (array<int>, counted from 0 within each field, -1 as padding of multi-hot fields) and `label`:

    def task(batches):                                    # runs on the workers; FOLDER is a file system that all share
        name = f'train-{TaskContext.get().partitionId():05d}.arrow'
        yield pa.RecordBatch.from_pylist([write_shard(FOLDER, name, batches, columns)])

    entry = 'name string, rows long, positives long, checksums string'
    files = [row.asDict() for row in df.select('ids', 'label').mapInArrow(task, entry).collect()]
    write_manifest(FOLDER, fields, {'train': files})
"""
import json
import os
import sys

import numpy as np
import pyarrow as pa

CHECKSUM_ROWS = 2048
K = np.uint64(0x9E3779B97F4A7C15)


def checksum(ids, label):
    """The checksum of rows: sum of w_i (1 + K i) modulo 2^64 over the 32-bit words of the ids, then of the labels."""
    words = np.concatenate([ids.reshape(-1).view(np.uint32), label.view(np.uint32)]).astype(np.uint64)
    weights = np.uint64(1) + K * np.arange(len(words), dtype=np.uint64)
    return f'{int((words * weights).sum(dtype=np.uint64)):016x}'


def write_shard(folder, name, batches, columns):
    """Writes record batches with the columns ids and label as one Arrow IPC file; gives its entry in the manifest."""
    schema = pa.schema([('ids', pa.list_(pa.int32(), columns)), ('label', pa.float32())])
    rows = positives = 0
    sums = []
    waiting = np.empty((0, columns), np.int32), np.empty(0, np.float32)    # rows without a checksum yet
    with pa.OSFile(os.path.join(folder, name), 'wb') as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in batches:
            ids = pa.FixedSizeListArray.from_arrays(batch.column('ids').flatten().cast(pa.int32()), columns)
            label = batch.column('label').cast(pa.float32())
            writer.write_batch(pa.record_batch([ids, label], schema=schema))
            rows += batch.num_rows
            positives += int(label.to_numpy().sum())
            arrays = ids.flatten().to_numpy().reshape(-1, columns), label.to_numpy()
            waiting = [np.concatenate(pair) for pair in zip(waiting, arrays)]
            while len(waiting[1]) >= CHECKSUM_ROWS:
                sums.append(checksum(*(each[:CHECKSUM_ROWS] for each in waiting)))
                waiting = [each[CHECKSUM_ROWS:] for each in waiting]
    if len(waiting[1]) > 0:
        sums.append(checksum(*waiting))
    return {'name': name, 'rows': rows, 'positives': positives, 'checksums': ''.join(sums)}


def write_manifest(folder, fields, parts):
    """Completes the shard folder.

    fields: [{name, size, width?, combiner?}]; parts: {part: entries of write_shard}
    """
    manifest = {
        'format': 'tfjs-autofis-shards', 'version': 1, 'schemaHash': None, 'fields': fields,
        'columns': sum(field.get('width', 1) for field in fields), 'weights': False,
        'parts': {part: {
            'rows': sum(file['rows'] for file in files),
            'positives': sum(file['positives'] for file in files),
            'files': files,
        } for part, files in parts.items()},
    }
    # Renamed into place, so that a reader sees all of it or none.
    partial = os.path.join(folder, 'manifest.json.partial')
    with open(partial, 'w') as file:
        json.dump(manifest, file, indent=1)
    os.replace(partial, os.path.join(folder, 'manifest.json'))


def example(first, rows):
    """Rows of two one-hot fields and one multi-hot field of width 2, in record batches of 20."""
    for start in range(first, first + rows, 20):
        numbers = range(start, min(start + 20, first + rows))
        yield pa.record_batch({
            'ids': [[n % 7, n * n % 5, n % 3, -1 if n % 2 else (n + 1) % 3] for n in numbers],
            'label': [n % 4 == 0 for n in numbers],
        })


if __name__ == '__main__':
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    fields = [
        {'name': 'hour', 'size': 7},
        {'name': 'site', 'size': 5},
        {'name': 'genres', 'size': 3, 'width': 2, 'combiner': 'mean'},
    ]
    write_manifest(folder, fields, {
        'train': [write_shard(folder, f'train-{i:05d}.arrow', example(50 * i, 50), 4) for i in range(2)],
        'test': [write_shard(folder, 'test-00000.arrow', example(100, 30), 4)],
    })
