"""Rows of shards, in joint batches that workers divide among themselves."""

import os
from typing import NamedTuple

import numpy as np

from .block_order import BlockOrder
from .js_json import js_json, read_json, sha256
from .schema import check
from .shard_files import CHECKSUM_ROWS, checksums_of
from .tables import require

WHERE = "train"
_CURE = "Encode the data again."


class JointBatch(NamedTuple):
    """A worker's rows of one step, and what it knows of the rows of all workers."""

    ids: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    first: int
    """The place of the worker's first row in the joint batch."""
    rows: int
    """Rows of the joint batch."""
    total: float
    """Sum of the weights of the joint batch."""


class ShardRows:
    """A part of a folder of shards, as worker `index` of `count` reads it.

    The joint batches are those of `openShards(folder).batches(...)` in the TypeScript package, however many workers
    there are: a worker reads the blocks of a window from the disk and keeps its own rows of each batch.
    """

    def __init__(self, folder, part, index=0, count=1):
        self.folder, self.index, self.count = os.path.abspath(folder), index, count
        self.manifest = read_manifest(folder)
        parts = self.manifest["parts"]
        valid = part in parts and parts[part]["rows"] > 0
        check(valid, WHERE, "part", f"be one of {', '.join(parts)}, with rows", part)
        self.rows = parts[part]["rows"]
        self.columns = self.manifest["columns"]
        self._entries = parts[part]["files"]
        self._files = [self._opened(entry) for entry in self._entries]

    def steps(self, batch_size):
        """Steps of an epoch."""
        return -(-self.rows // batch_size)

    def batches(self, batch_size, seed=None, from_step=0):
        """Yield the joint batches from a step on, epoch after epoch without an end."""
        order = BlockOrder([entry["rows"] for entry in self._entries], seed)
        epoch, skipped = divmod(from_step, self.steps(batch_size))
        while True:
            yield from self._epoch(order, epoch, batch_size, skipped * batch_size)
            epoch, skipped = epoch + 1, 0

    def _epoch(self, order, epoch, batch_size, start):
        windows = order.windows(epoch, start)
        first, held = start, None
        while first < self.rows:
            last = min(first + batch_size, self.rows)
            while held is None or held[0] + len(held[1][1]) < last:
                held = self._joined(held, first, next(windows))
            at, columns = held
            yield self._share(columns, first - at, last - at)
            first = last

    def _joined(self, held, first, window):
        """The rows that are left of a window, and those of the next one, in their order: (first row, columns)."""
        at, blocks, order = window
        columns = [column[order] for column in self._read(blocks)]
        if held is None:
            return at, columns
        left = first - held[0]
        return first, [np.concatenate([old[left:], new]) for old, new in zip(held[1], columns)]

    def _share(self, columns, start, stop):
        rows = stop - start
        own = slice(start + self.index * rows // self.count, start + (self.index + 1) * rows // self.count)
        ids, labels, weights = (column[own] for column in columns)
        total = columns[2][start:stop].sum(dtype=np.float64)
        # A batch of weights 0 teaches nothing.
        return JointBatch(ids, labels, weights, own.start - start, rows, float(total) or 1.0)

    def _read(self, blocks):
        read = [self._block(*block) for block in blocks]
        return [np.concatenate(column) for column in zip(*read)]

    def _block(self, file, first, rows):
        """Ids, labels and weights of neighbouring rows of a file; a block begins where a checksum does."""
        entry, chunks = self._entries[file], self._files[file]
        pieces = [
            [column[max(0, first - start) : first + rows - start] for column in columns]
            for start, columns in chunks
            if start < first + rows and first < start + len(columns[1])
        ]
        ids, labels, *more = [np.concatenate(column) for column in zip(*pieces)]
        expected = entry.get("checksums")
        if expected is not None:
            place = 16 * (first // CHECKSUM_ROWS)
            found = checksums_of(ids, labels, *more)
            if found != expected[place : place + len(found)]:
                raise ValueError(
                    f"{WHERE}: {os.path.join(self.folder, entry['name'])}, rows {first + 1} to {first + rows}, have "
                    f"another checksum than manifest.json gives: the file is damaged. {_CURE}"
                )
        labels = labels.astype(np.float32)
        return ids, labels, more[0] if self.manifest["weights"] else np.ones_like(labels)

    def _opened(self, entry):
        """The record batches of a file, mapped into memory: [(first row, [ids, labels, weights])]."""
        pa = require("pyarrow")
        path = os.path.join(self.folder, entry["name"])
        names = ["ids", "label", *(["weight"] if self.manifest["weights"] else [])]
        names += ["group"] if self.manifest.get("groups") else []
        try:
            reader = pa.ipc.open_file(pa.memory_map(path))
            batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
            chunks, start = [], 0
            for batch in batches:
                ids, *others = (batch.column(name) for name in names)
                plain = ids.flatten().to_numpy().reshape(len(batch), self.columns)
                chunks.append((start, [plain, *(other.to_numpy() for other in others)]))
                start += len(batch)
        except (OSError, KeyError, ValueError, pa.ArrowException) as error:
            raise ValueError(f"{WHERE}: {path} cannot be read as a shard: {error}. {_CURE}") from None
        if start != entry["rows"]:
            raise ValueError(f"{WHERE}: {path} has {start} rows, but manifest.json says {entry['rows']}. {_CURE}")
        return chunks


def read_manifest(folder):
    """The manifest of a complete folder of shards."""
    path = os.path.join(folder, "manifest.json")
    rule = "be a folder of shards, with manifest.json"
    check(os.path.isfile(path), WHERE, "shards", rule, str(folder), "Prepare the data.")
    manifest = read_json(path, WHERE)
    if not isinstance(manifest, dict) or manifest.get("format") != "tfjs-autofis-shards":
        raise ValueError(f"{WHERE}: {path} is not the manifest of shards. {_CURE}")
    seal = manifest.pop("sha256", None)
    if seal is not None and seal != sha256(js_json(manifest)):
        raise ValueError(f"{WHERE}: {path} has another checksum than it gives: it has been changed. {_CURE}")
    return manifest
