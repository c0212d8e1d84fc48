"""Memorised crosses: one weight for each combination of two fields' values."""

import tensorflow as tf

from .fields import _FieldLayer, _penalized
from .pieces import rows_of
from .plain_call import plain_call

LOW = 0xFFFFFFFF


class CrossLinear(_FieldLayer):
    """The weights of a row's combinations, summed: [B, W] -> [B, 1].

    The combinations are those of a dictionary; with `hash_size` all combinations, and those of one hash share a weight.
    Weights: `kernel` [K, 1]; `dictionary` int32 [K, 2], not trainable.
    """

    def __init__(self, fields, interactions, counts=None, hash_size=None, batch_l2=0.01, **kwargs):
        super().__init__(fields, **kwargs)
        if (counts is None) == (hash_size is None):
            raise ValueError(
                f"{self.name}: one of counts and hash_size must be given. Received: {counts}, {hash_size}."
            )
        self.interactions = sorted(sorted(pair) for pair in interactions)
        self.counts = counts
        self.hash_size = hash_size
        self.batch_l2 = batch_l2
        self._sizes = [field["size"] for field in self._embedded]
        # The columns whose values share a mean, [W, W].
        owners = self._owners
        is_mean = [self._widths[f] is not None and self._means[f] for f in owners]
        self._shared = [[float(mean and f == other) for other in owners] for f, mean in zip(owners, is_mean)]
        # Each combination of a row's values: its pair, and the columns of both.
        columns = [[column for column, owner in enumerate(owners) if owner == f] for f in range(len(self._widths))]
        combinations = [
            (p, left, right)
            for p, (i, j) in enumerate(self.interactions)
            for left in columns[i]
            for right in columns[j]
        ]
        self._pairs, self._left, self._right = ([each[k] for each in combinations] for k in range(3))

    def build(self, input_shape):
        rows = self.hash_size or sum(self.counts)
        self.kernel = self._add_table("kernel", (rows, 1), "zeros")
        if self.counts is not None:
            self.dictionary = self.add_weight("dictionary", (rows, 2), tf.int32, "zeros", trainable=False)
        super().build(input_shape)

    @plain_call
    def call(self, ids, training=None):
        ids = tf.cast(tf.gather(ids, self._places, axis=1), tf.int64)
        rows, found = self._rows_of(self._keys(*self._sides(ids)))
        present = tf.cast(ids >= 0, tf.float32)
        left, right = self._sides(present / tf.maximum(tf.matmul(present, self._shared), 1))
        scale = left * right
        # Only present combinations are looked up, so that no other row counts as touched.
        there = tf.logical_and(found, scale > 0)
        weights = rows_of(self.kernel, tf.boolean_mask(rows, there))[:, 0]
        batch = tf.shape(ids)[0]
        if self.batch_l2 > 0 and training:
            weights = _penalized(weights, self.batch_l2, batch)
        return tf.math.unsorted_segment_sum(weights * tf.boolean_mask(scale, there), tf.where(there)[:, 0], batch)[
            :, None
        ]

    def _sides(self, x):
        """The columns of every combination's first and second value: [B, W] -> twice [B, K]."""
        return tf.gather(x, self._left, axis=1), tf.gather(x, self._right, axis=1)

    def _keys(self, left, right):
        """A number for each combination, ascending in the order of the dictionary; or the row of its hash."""
        i, j = (tf.constant([self.interactions[p][side] for p in self._pairs], tf.int64) for side in range(2))
        if self.hash_size is not None:
            return _hash(i, j, left, right) % self.hash_size
        first = tf.constant([self._first_key(p) for p in self._pairs], tf.int64)
        return first + left * tf.gather(tf.constant(self._sizes, tf.int64), j) + right

    def _first_key(self, pair):
        return sum(self._sizes[i] * self._sizes[j] for i, j in self.interactions[:pair])

    def _rows_of(self, queries):
        if self.hash_size is not None:
            return queries, tf.ones_like(queries, tf.bool)
        pairs = [p for p, count in enumerate(self.counts) for _ in range(count)]
        firsts = tf.constant([self._first_key(p) for p in pairs], tf.int64)
        sizes = tf.constant([self._sizes[self.interactions[p][1]] for p in pairs], tf.int64)
        words = tf.cast(self.dictionary, tf.int64)
        keys = firsts + words[:, 0] * sizes + words[:, 1]
        rows = tf.minimum(
            tf.reshape(tf.searchsorted(keys, tf.reshape(queries, [-1])), tf.shape(queries)), len(pairs) - 1
        )
        return rows, tf.gather(keys, rows) == queries

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 1)

    def get_config(self):
        counts = None if self.counts is None else list(self.counts)
        return {
            **super().get_config(),
            "interactions": [list(pair) for pair in self.interactions],
            "counts": counts,
            "hash_size": self.hash_size,
            "batch_l2": self.batch_l2,
        }


def _hash(i, j, left, right):
    """MurmurHash3 of four int32, as TensorFlow.js computes it, in the lower half of int64."""
    value = tf.zeros([], tf.int64)
    for part in (i, j, left, right):
        mixed = _rotated(part * 0xCC9E2D51 & LOW, 15) * 0x1B873593 & LOW
        value = _rotated(tf.bitwise.bitwise_xor(value, mixed), 13) * 5 + 0xE6546B64 & LOW
    return fmix32(tf.bitwise.bitwise_xor(value, tf.constant(16, tf.int64)))


def fmix32(value):
    """Mix 32-bit integers, in the lower half of int64, as MurmurHash3 does at its end."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        value = tf.bitwise.bitwise_xor(value, value // 2**shift) * factor & LOW
    return tf.bitwise.bitwise_xor(value, value // 2**16)


def _rotated(x, bits):
    return (x * 2**bits & LOW) + x // 2 ** (32 - bits)
