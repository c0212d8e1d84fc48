"""The embedding layer of DIN."""

import tensorflow as tf

from .fields import _FieldLayer, _penalized
from .pieces import rows_of
from .plain_layer import plain_call


class AttentionEmbedding(_FieldLayer):
    """FieldEmbedding whose behaviour field is a weighted sum of its items' rows: [B, W] -> [B, m, d].

    An attention network weighs each item with respect to the candidate.
    Weights: `embeddings`, whose candidate rows also serve the behaviour; `kernel` [4 d, u], `bias` [u], `projection`
    [u, 1] and `shift` [1] of the attention network.
    """

    def __init__(self, fields, output_dim, behaviour, candidate, attention_units=16, batch_l2=0.0, seed=None, **kwargs):
        super().__init__(
            [{**field, "ignored": True} if field["name"] == behaviour["name"] else field for field in fields], **kwargs
        )
        self.fields = [dict(field) for field in fields]
        self.output_dim = output_dim
        self.behaviour = dict(behaviour)
        self.candidate = dict(candidate)
        self.attention_units = attention_units
        self.batch_l2 = batch_l2
        self.seed = seed
        # Positions: the behaviour among the fields that are read, the candidate among the others.
        read = [field for field in self.fields if not field.get("ignored")]
        others = [field["name"] for field in read if field["name"] != behaviour["name"]]
        self._position = [field["name"] for field in read].index(behaviour["name"])
        self._one = others.index(candidate["name"])
        self._start = sum(field["size"] for field in read if field["name"] in others[: self._one])
        before = self.fields[: [field["name"] for field in self.fields].index(behaviour["name"])]
        column = sum(field.get("width") or 1 for field in before)
        self._items = slice(column, column + self.fields[len(before)]["width"])

    def build(self, input_shape):
        d, units = self.output_dim, self.attention_units
        self.embeddings = self._add_table("embeddings", (self._rows, d), self._uniform(0.02, 0))
        self.kernel = self.add_weight("kernel", (4 * d, units), tf.float32, self._glorot(1))
        self.bias = self.add_weight("bias", (units,), tf.float32, "zeros")
        self.projection = self.add_weight("projection", (units, 1), tf.float32, self._glorot(2))
        self.shift = self.add_weight("shift", (1,), tf.float32, "zeros")
        super().build(input_shape)

    @plain_call
    def call(self, ids, training=None):
        others = self._lookup(ids, self.embeddings)
        items = tf.cast(ids, tf.int32)[:, self._items]
        present = tf.cast(items >= 0, tf.float32)[:, :, None]
        items = rows_of(self.embeddings, tf.maximum(items, 0) + self._start)
        one = tf.zeros_like(items) + others[:, self._one : self._one + 1]
        features = tf.concat([items, one, items - one, items * one], 2)
        hidden = tf.nn.relu(tf.matmul(features, self.kernel) + self.bias)
        scores = (tf.matmul(hidden, self.projection) + self.shift) * present
        interest = tf.reduce_sum(scores * items, 1, keepdims=True)
        embeddings = tf.concat([others[:, : self._position], interest, others[:, self._position :]], 1)
        return _penalized(embeddings, self.batch_l2) if self.batch_l2 > 0 and training else embeddings
