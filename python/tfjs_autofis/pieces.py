"""Weights whose rows are on several servers: read, written and looked up without ever being in one place."""

import re
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
import tensorflow as tf

BLOCK_BYTES = 2**22
"""Of a weight on a server that are read or written at a time."""
_TABLE = ContextVar("table", default=False)


@contextmanager
def table_scope():
    """Make weights that are tables of rows: servers divide these, and no others."""
    token = _TABLE.set(True)
    try:
        yield
    finally:
        _TABLE.reset(token)


def table_partitioner(servers, least):
    """A partitioner of tf.distribute: a table in at most one piece for each server, of at least `least` bytes each."""
    of_size = tf.distribute.experimental.partitioners.MinSizePartitioner(least, servers)

    def partitions(shape, dtype):
        return of_size(shape, dtype) if _TABLE.get() else [1] * len(shape)

    return partitions


def rows_of(table, rows):
    """Rows of a table, which may be in pieces, as tf.gather gives them."""
    if not _is_mirrored(table) and hasattr(table, "variables"):
        return tf.nn.embedding_lookup(table, rows)
    return tf.gather(table, rows)


class Pieces:
    """A weight of variables on servers that follow each other along the first axis."""

    def __init__(self, parts):
        self.parts = parts
        self.shape = (sum(part.shape[0] for part in parts), *parts[0].shape[1:])
        self.dtype = np.dtype(parts[0].dtype.as_numpy_dtype)

    def blocks(self):
        """Yield the values, a few rows at a time."""
        for part in self.parts:
            for start, stop in self._ranges(part):
                with tf.device(part.device):
                    # Only these rows leave the server.
                    yield tf.gather(part, tf.range(start, stop)).numpy()

    def assign(self, value):
        """Set the values to those of an array, which may be on a disk."""
        at = 0
        for part in self.parts:
            for start, stop in self._ranges(part):
                block = np.array(value[at + start : at + stop], self.dtype)
                part.scatter_update(tf.IndexedSlices(tf.constant(block), tf.range(start, stop)))
            at += part.shape[0]

    def _ranges(self, part):
        row = self.dtype.itemsize * int(np.prod(part.shape[1:], dtype=np.int64))
        step = max(1, BLOCK_BYTES // max(1, row))
        for start in range(0, part.shape[0], step):
            yield start, min(start + step, part.shape[0])


def joined(named):
    """[(name, variable)] -> [(name, variable or Pieces)]: neighbours of one name are pieces of one weight.

    A number on a server stays a variable.
    """
    found = []
    for name, variable in named:
        if found and found[-1][0] == name and is_piece(variable):
            found[-1][1].append(variable)
        else:
            found.append((name, [variable]))
    return [(name, Pieces(p) if on_server(p[0]) and p[0].shape.rank > 0 else p[0]) for name, p in found]


def whole_weights(variables):
    """[(path, variable or Pieces)] of a model's weights."""
    return joined((path_of(variable), variable) for variable in variables)


def path_of(variable):
    """'layer/weight', as TensorFlow.js calls it."""
    path = variable.name.split(":")[0]
    return re.sub(r"/part_\d+$", "", path) if is_piece(variable) else path


def is_piece(variable):
    """Whether a variable is one of several pieces of a weight."""
    return not _is_mirrored(variable) and hasattr(variable, "_sharded_container")


def on_server(variable):
    """Whether a variable is on a server, where there may be room for it alone."""
    return not _is_mirrored(variable) and "/job:ps" in (variable.device or "")


def _is_mirrored(variable):
    """Whether a variable has a copy on each worker; to ask one for an attribute may take all workers."""
    return isinstance(variable, tf.distribute.DistributedValues)
