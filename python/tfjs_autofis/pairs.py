"""Layers over every pair of fields' embeddings, [B, m, d]."""

from itertools import combinations
from math import sqrt

import tensorflow as tf

from .plain_layer import PlainLayer, plain_call


class BiInteraction(PlainLayer):
    """The sum of all pairs' elementwise products: [B, m, d] -> [B, d]."""

    @plain_call
    def call(self, embeddings):
        return (tf.square(tf.reduce_sum(embeddings, 1)) - tf.reduce_sum(tf.square(embeddings), 1)) / 2


class OuterProduct(PlainLayer):
    """s s^T of the sum s of all embeddings, row by row: [B, m, d] -> [B, d^2]."""

    @plain_call
    def call(self, embeddings):
        total = tf.reduce_sum(embeddings, 1)
        return tf.reshape(total[:, :, None] * total[:, None, :], [-1, total.shape[1] ** 2])


class AttentionalPooling(PlainLayer):
    """The pairs' elementwise products, weighed by an attention network: [B, m, d] -> [B, d].

    Weights: `kernel` [d, t], `bias` [t], `projection` [t, 1].
    """

    def __init__(self, units=16, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.seed = seed

    def build(self, input_shape):
        self._sides = _sides(input_shape[1])
        self.kernel = self.add_weight("kernel", (input_shape[2], self.units), tf.float32, self._glorot(0))
        self.bias = self.add_weight("bias", (self.units,), tf.float32, "zeros")
        self.projection = self.add_weight("projection", (self.units, 1), tf.float32, self._glorot(1))
        super().build(input_shape)

    @plain_call
    def call(self, embeddings):
        left, right = (tf.gather(embeddings, side, axis=1) for side in self._sides)
        products = left * right
        hidden = tf.nn.relu(tf.matmul(products, self.kernel) + self.bias)
        return tf.reduce_sum(tf.nn.softmax(tf.matmul(hidden, self.projection), 1) * products, 1)


class PairNetworks(PlainLayer):
    """A small network for each pair of fields: [B, m, d] -> [B, P s].

    relu(W2^T relu(W1^T [e_i, e_j, e_i * e_j] + b1) + b2) of pair (i, j).
    Weights: `left`, `right` and `product` [P, d, h], the parts of W1; `hidden_bias` [P, 1, h]; `kernel` [P, h, s];
    `bias` [P, 1, s].
    """

    def __init__(self, hidden_units=16, units=4, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.hidden_units = hidden_units
        self.units = units
        self.seed = seed

    def build(self, input_shape):
        self._sides = _sides(input_shape[1])
        pairs, d, h, s = len(self._sides[0]), input_shape[2], self.hidden_units, self.units
        self.parts = [
            self.add_weight(name, (pairs, d, h), tf.float32, self._uniform(sqrt(6 / (3 * d + h)), offset))
            for offset, name in enumerate(("left", "right", "product"))
        ]
        self.hidden_bias = self.add_weight("hidden_bias", (pairs, 1, h), tf.float32, "zeros")
        self.kernel = self.add_weight("kernel", (pairs, h, s), tf.float32, self._uniform(sqrt(6 / (h + s)), 3))
        self.bias = self.add_weight("bias", (pairs, 1, s), tf.float32, "zeros")
        super().build(input_shape)

    @plain_call
    def call(self, embeddings):
        left, right = (tf.gather(embeddings, side, axis=1) for side in self._sides)
        # [P, B, 3 d]: one product of matrices for each pair.
        inputs = tf.transpose(tf.concat([left, right, left * right], 2), [1, 0, 2])
        hidden = tf.nn.relu(tf.matmul(inputs, tf.concat(self.parts, 1)) + self.hidden_bias)
        outputs = tf.nn.relu(tf.matmul(hidden, self.kernel) + self.bias)
        return tf.reshape(tf.transpose(outputs, [1, 0, 2]), [-1, len(self._sides[0]) * self.units])


def _sides(m):
    """The first and the second field of every pair."""
    return [list(side) for side in zip(*combinations(range(m), 2))]
