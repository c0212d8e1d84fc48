"""The layers of xDeepFM, AutoInt and FinalMLP, over embeddings [B, m, d]."""

from math import sqrt

import tensorflow as tf

from .plain_layer import PlainLayer, plain_call


class CompressedInteraction(PlainLayer):
    """The sums over d of CIN's feature maps: [B, m, d] -> [B, H_1 + ... + H_K].

    X^k_h = sum_ij W^k_{h,ij} (X^{k-1}_i * X^0_j), X^0 the embeddings.
    Weights: `kernel1`, `kernel2`, ... [H_{k-1} m, H_k], whose row i m + j is for map i and field j.
    """

    def __init__(self, units=(32, 32), seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = list(units)
        self.seed = seed

    def build(self, input_shape):
        m, inputs = input_shape[1], [input_shape[1], *self.units]
        self.kernels = [
            self.add_weight(f"kernel{k + 1}", (inputs[k] * m, units), tf.float32, self._glorot(k))
            for k, units in enumerate(self.units)
        ]
        super().build(input_shape)

    @plain_call
    def call(self, embeddings):
        _, m, d = embeddings.shape
        fields = tf.reshape(tf.transpose(embeddings, [0, 2, 1]), [-1, m])
        x, sums = fields, []
        for kernel, units in zip(self.kernels, self.units):
            x = tf.matmul(tf.reshape(x[:, :, None] * fields[:, None, :], [-1, x.shape[1] * m]), kernel)
            sums.append(tf.reduce_sum(tf.reshape(x, [-1, d, units]), 1))
        return tf.concat(sums, 1)


class FieldAttention(PlainLayer):
    """Self-attention between the fields, as in AutoInt: [B, m, d] -> [B, m, H a].

    relu([A_1 E V_1, ..., A_H E V_H] + E R), A_h = softmax((E Q_h) (E K_h)^T).
    Weights: `query`, `key`, `value` and `residual` [d, H a], head by head.
    """

    def __init__(self, units=16, heads=2, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.heads = heads
        self.seed = seed

    def build(self, input_shape):
        shape = (input_shape[2], self.heads * self.units)
        self.query, self.key, self.value, self.residual = (
            self.add_weight(name, shape, tf.float32, self._glorot(i))
            for i, name in enumerate(("query", "key", "value", "residual"))
        )
        super().build(input_shape)

    @plain_call
    def call(self, embeddings):
        m = embeddings.shape[1]

        def split(kernel):
            each = tf.reshape(tf.matmul(embeddings, kernel), [-1, m, self.heads, self.units])
            return tf.transpose(each, [0, 2, 1, 3])

        attention = tf.nn.softmax(tf.matmul(split(self.query), split(self.key), transpose_b=True))
        read = tf.transpose(tf.matmul(attention, split(self.value)), [0, 2, 1, 3])
        return tf.nn.relu(tf.reshape(read, [-1, m, self.heads * self.units]) + tf.matmul(embeddings, self.residual))


class FeatureGate(PlainLayer):
    """Embeddings weighed by some fields' embeddings, or by a learned vector: [B, m, d] -> [B, m, d].

    E * 2 sigmoid(W2^T relu(W1^T x + b1) + b2), x the embeddings of `context` side by side, or `vector`.
    Weights: `vector` [1, d] without context; `hidden_kernel` W1, `hidden_bias` b1, `kernel` W2 [h, m d], `bias` b2.
    """

    def __init__(self, context=(), hidden_units=64, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.context = list(context)
        self.hidden_units = hidden_units
        self.seed = seed

    def build(self, input_shape):
        _, m, d = input_shape
        h, read = self.hidden_units, max(1, len(self.context)) * d
        if not self.context:
            self.vector = self.add_weight("vector", (1, d), tf.float32, self._glorot(0))
        self.hidden_kernel = self.add_weight("hidden_kernel", (read, h), tf.float32, self._glorot(1))
        self.hidden_bias = self.add_weight("hidden_bias", (h,), tf.float32, "zeros")
        self.kernel = self.add_weight("kernel", (h, m * d), tf.float32, self._glorot(2))
        self.bias = self.add_weight("bias", (m * d,), tf.float32, "zeros")
        super().build(input_shape)

    @plain_call
    def call(self, embeddings):
        _, m, d = embeddings.shape
        x = tf.concat([embeddings[:, field] for field in self.context], 1) if self.context else self.vector
        hidden = tf.nn.relu(tf.matmul(x, self.hidden_kernel) + self.hidden_bias)
        gate = 2 * tf.sigmoid(tf.matmul(hidden, self.kernel) + self.bias)
        return embeddings * tf.reshape(gate, [-1, m, d])


class BilinearFusion(PlainLayer):
    """b + u^T x + v^T y + sum_h x_h^T W_h y_h, x and y in H parts each: [B, p], [B, q] -> [B, 1].

    Weights: `left` u [p, 1], `right` v [q, 1], `kernel` W [H, p / H, q / H], `bias` b [1].
    """

    def __init__(self, heads=2, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.heads = heads
        self.seed = seed

    def build(self, input_shape):
        (_, p), (_, q) = input_shape
        bound = sqrt(6 * self.heads / (p + q))
        self.left = self.add_weight("left", (p, 1), tf.float32, self._glorot(0))
        self.right = self.add_weight("right", (q, 1), tf.float32, self._glorot(1))
        shape = (self.heads, p // self.heads, q // self.heads)
        self.kernel = self.add_weight("kernel", shape, tf.float32, self._uniform(bound, 2))
        self.bias = self.add_weight("bias", (1,), tf.float32, "zeros")
        super().build(input_shape)

    @plain_call
    def call(self, inputs):
        x, y = inputs
        parts = tf.transpose(tf.reshape(x, [-1, self.heads, x.shape[1] // self.heads]), [1, 0, 2])
        turned = tf.reshape(tf.transpose(tf.matmul(parts, self.kernel), [1, 0, 2]), [-1, y.shape[1]])
        forms = tf.reduce_sum(turned * y, 1, keepdims=True)
        return tf.matmul(x, self.left) + tf.matmul(y, self.right) + self.bias + forms
