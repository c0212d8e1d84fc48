"""The embeddings of field-aware factorisation machines."""

from itertools import combinations

import tensorflow as tf

from .fields import FieldEmbedding


class FieldAwareEmbedding(FieldEmbedding):
    """One vector per value and pair of its field: [B, W] -> [B, P, 2, d].

    Weight: `embeddings` [R, d]; a value of a field in n pairs owns n consecutive rows, in the order of the pairs.
    """

    def __init__(self, fields, output_dim, interactions=None, **kwargs):
        super().__init__(fields, output_dim, **kwargs)
        self.interactions = None if interactions is None else sorted(sorted(pair) for pair in interactions)
        self._sizes = [field["size"] for field in self.fields if not field.get("ignored")]
        self._all = (
            self.interactions
            if self.interactions is not None
            else [list(pair) for pair in combinations(range(len(self._sizes)), 2)]
        )
        # For each field its pairs, its first row, and where its vectors begin among those of all fields.
        self._pairs = [[p for p, pair in enumerate(self._all) if f in pair] for f in range(len(self._sizes))]
        counts = [len(pairs) for pairs in self._pairs]
        self._starts = [sum(size * count for size, count in zip(self._sizes[:f], counts)) for f in range(len(counts))]
        self._rows = sum(size * count for size, count in zip(self._sizes, counts))
        first = [sum(counts[:f]) for f in range(len(counts))]
        self._order = [first[f] + self._pairs[f].index(p) for p, pair in enumerate(self._all) for f in pair]

    def _rows_per_value(self):
        return [len(pairs) for pairs in self._pairs]

    def _lookup(self, ids, table):
        ids = tf.gather(tf.cast(ids, tf.int32), self._places, axis=1)
        parts, column = [], 0
        for start, pairs, width, is_mean in zip(self._starts, self._pairs, self._widths, self._means):
            own = ids[:, column : column + (width or 1)]
            column += width or 1
            if not pairs:
                continue
            rows = tf.maximum(own, 0)[:, :, None] * len(pairs) + (start + tf.range(len(pairs)))
            vectors = tf.gather(table, rows)
            if width is not None:
                present = tf.cast(own >= 0, tf.float32)[:, :, None, None]
                vectors = tf.reduce_sum(vectors * present, 1, keepdims=True)
                if is_mean:
                    vectors /= tf.maximum(tf.reduce_sum(present, 1, keepdims=True), 1)
            parts.append(vectors[:, 0])
        return tf.reshape(tf.gather(tf.concat(parts, 1), self._order, axis=1), [-1, len(self._all), 2, self.output_dim])

    def compute_output_shape(self, input_shape):
        return (input_shape[0], len(self._all), 2, self.output_dim)

    def get_config(self):
        return {
            **super().get_config(),
            "interactions": None if self.interactions is None else [list(pair) for pair in self.interactions],
        }
