"""Memorised crosses: one weight for each combination of the values of two to four fields."""

import itertools
import math

import tensorflow as tf

from .fields import _FieldLayer, _penalized
from .murmur3 import fmix32, mixed, scrambled
from .pieces import rows_of
from .plain_layer import plain_call


class CrossLinear(_FieldLayer):
    """The weights of a row's combinations, summed: [B, W] -> [B, 1].

    The combinations are those of a dictionary; with `hash_size` all combinations, and those of one hash share a weight.
    Weights: `kernel` [K, 1]; `dictionary` int32 [K, w], not trainable; w is the number of fields of
    the widest interaction.
    """

    def __init__(self, fields, interactions, counts=None, hash_size=None, batch_l2=0.01, **kwargs):
        super().__init__(fields, **kwargs)
        if (counts is None) == (hash_size is None):
            raise ValueError(
                f"{self.name}: one of counts and hash_size must be given. Received: {counts}, {hash_size}."
            )
        # Pairs before wider interactions.
        self.interactions = sorted((sorted(fields) for fields in interactions), key=lambda own: (len(own), own))
        self.counts = counts
        self.hash_size = hash_size
        self.batch_l2 = batch_l2
        self._sizes = [field["size"] for field in self._embedded]
        # The columns whose values share a mean, [W, W].
        owners = self._owners
        is_mean = [self._widths[f] is not None and self._means[f] for f in owners]
        self._shared = [[float(mean and f == other) for other in owners] for f, mean in zip(owners, is_mean)]
        # Each combination of a row's values: its interaction, and a column for each side. The sides that one lacks are
        # the column behind the last one, which is always 0.
        columns = [[column for column, owner in enumerate(owners) if owner == f] for f in range(len(self._widths))]
        self._width = max(len(fields) for fields in self.interactions)
        combinations = [
            (p, own + (len(owners),) * (self._width - len(own)))
            for p, fields in enumerate(self.interactions)
            for own in itertools.product(*(columns[f] for f in fields))
        ]
        self._crossed = [p for p, _ in combinations]
        self._sides = [[own[side] for _, own in combinations] for side in range(self._width)]

    def build(self, input_shape):
        rows = self.hash_size or sum(self.counts)
        self.kernel = self._add_table("kernel", (rows, 1), "zeros")
        if self.counts is not None:
            self.dictionary = self.add_weight("dictionary", (rows, self._width), tf.int32, "zeros", trainable=False)
        super().build(input_shape)

    @plain_call
    def call(self, ids, training=None):
        ids = tf.cast(tf.gather(ids, self._places, axis=1), tf.int64)
        rows, found = self._rows_of(self._keys(self._columns(ids, 0)))
        present = tf.cast(ids >= 0, tf.float32)
        shares = self._columns(present / tf.maximum(tf.matmul(present, self._shared), 1), 1)
        scale = math.prod(shares)
        # Only present combinations are looked up, so that no other row counts as touched.
        there = tf.logical_and(found, scale > 0)
        weights = rows_of(self.kernel, tf.boolean_mask(rows, there))[:, 0]
        batch = tf.shape(ids)[0]
        if self.batch_l2 > 0 and training:
            weights = _penalized(weights, self.batch_l2, batch)
        return tf.math.unsorted_segment_sum(weights * tf.boolean_mask(scale, there), tf.where(there)[:, 0], batch)[
            :, None
        ]

    def _columns(self, x, behind):
        """The columns of every combination's values, with a column of `behind` as the last: [B, W] -> w of [B, K]."""
        x = tf.pad(x, [[0, 0], [0, 1]], constant_values=tf.cast(behind, x.dtype))
        return [tf.gather(x, own, axis=1) for own in self._sides]

    def _keys(self, values):
        """A number for each combination, ascending in the order of the dictionary; or the row of its hash."""
        if self.hash_size is not None:
            return self._hashes(values) % self.hash_size
        firsts = tf.constant([self._first_key(p) for p in self._crossed], tf.int64)
        return self._numbered(firsts, values, self._crossed)

    def _numbered(self, firsts, values, crossed):
        """Values of interactions as numbers behind `firsts`: a, n_b a + b and so on."""
        number = values[0]
        for side in range(1, self._width):
            sizes = [self._sizes[fields[side]] if side < len(fields) else 1 for fields in self.interactions]
            number = number * tf.constant([sizes[p] for p in crossed], tf.int64) + values[side]
        return firsts + number

    def _first_key(self, interaction):
        return sum(math.prod(self._sizes[f] for f in fields) for fields in self.interactions[:interaction])

    def _hashes(self, values):
        """The hashes of pairs lie before those of wider interactions, as the combinations do."""
        hashes = []
        for length in range(2, self._width + 1):
            own = [k for k, p in enumerate(self._crossed) if len(self.interactions[p]) == length]
            if own:
                fields = [self.interactions[self._crossed[k]] for k in own]
                parts = [tf.constant([each[side] for each in fields], tf.int64) for side in range(length)]
                hashes.append(_hash(parts + [tf.gather(values[side], own, axis=1) for side in range(length)]))
        return tf.concat(hashes, axis=1)

    def _rows_of(self, queries):
        if self.hash_size is not None:
            return queries, tf.ones_like(queries, tf.bool)
        crossed = [p for p, count in enumerate(self.counts) for _ in range(count)]
        firsts = tf.constant([self._first_key(p) for p in crossed], tf.int64)
        words = tf.unstack(tf.cast(self.dictionary, tf.int64), axis=1)
        keys = self._numbered(firsts, words, crossed)
        rows = tf.minimum(
            tf.reshape(tf.searchsorted(keys, tf.reshape(queries, [-1])), tf.shape(queries)), len(crossed) - 1
        )
        return rows, tf.gather(keys, rows) == queries


def _hash(parts):
    """MurmurHash3 of int32, as TensorFlow.js computes it, in the lower half of int64."""
    state = tf.zeros([], tf.int64)
    for part in parts:
        state = mixed(state ^ scrambled(part))
    return fmix32(state ^ 4 * len(parts))
