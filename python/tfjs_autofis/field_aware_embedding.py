"""The embeddings of field-aware factorisation machines."""

from itertools import combinations
from operator import mul

import tensorflow as tf

from .fields import FieldEmbedding
from .pieces import rows_of


class FieldAwareEmbedding(FieldEmbedding):
    """One vector per value and pair of its field: [B, W] -> [B, P, 2, d].

    Weight: `embeddings` [R, d]; a value of a field in n pairs owns n consecutive rows, in the order of the pairs.
    """

    def __init__(self, fields, output_dim, interactions=None, **kwargs):
        super().__init__(fields, output_dim, **kwargs)
        self.interactions = None if interactions is None else sorted(sorted(pair) for pair in interactions)
        self._sizes = [field["size"] for field in self._embedded]
        self._all = (
            self.interactions
            if self.interactions is not None
            else [list(pair) for pair in combinations(range(len(self._sizes)), 2)]
        )
        pairs = [[p for p, pair in enumerate(self._all) if f in pair] for f in range(len(self._sizes))]
        self._counts = [len(own) for own in pairs]
        starts = [sum(map(mul, self._sizes[:f], self._counts)) for f in range(len(pairs))]
        self._rows = sum(map(mul, self._sizes, self._counts))
        # Each vector that a row reads, by columns and by pairs: its column, the vectors of a value, the field's first.
        vectors = [
            (column, self._counts[f], starts[f] + k)
            for column, f in enumerate(self._owners)
            for k in range(self._counts[f])
        ]
        self._columns, self._steps, self._firsts = ([each[k] for each in vectors] for k in range(3))
        first = [sum(self._counts[:f]) for f in range(len(pairs))]
        self._order = [first[f] + pairs[f].index(p) for p, pair in enumerate(self._all) for f in pair]

    def _rows_per_value(self):
        return self._counts

    def _lookup(self, ids, table):
        ids = tf.gather(tf.gather(tf.cast(ids, tf.int32), self._places, axis=1), self._columns, axis=1)
        vectors = rows_of(table, tf.maximum(ids, 0) * self._steps + self._firsts)
        if any(width is not None for width in self._widths):
            vectors = self._combined(vectors, tf.cast(ids >= 0, tf.float32)[:, :, None])
        return tf.reshape(tf.gather(vectors, self._order, axis=1), [-1, len(self._all), 2, self.output_dim])

    def _combined(self, vectors, present):
        """One vector for each pair of a field, from those of its values."""
        columns = [(width or 1) * count for width, count in zip(self._widths, self._counts)]
        split = zip(tf.split(vectors, columns, 1), tf.split(present, columns, 1))
        parts = []
        for (part, own), width, count, is_mean in zip(split, self._widths, self._counts, self._means):
            if width is not None and count > 0:
                own = tf.reshape(own, [-1, width, count, 1])
                part = tf.reduce_sum(tf.reshape(part, [-1, width, count, self.output_dim]) * own, 1)
                if is_mean:
                    part /= tf.maximum(tf.reduce_sum(own, 1), 1)
            parts.append(part)
        return tf.concat(parts, 1)
