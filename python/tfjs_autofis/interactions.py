"""Normalised products of embeddings, with gates."""

from itertools import combinations

import tensorflow as tf
import tf_keras as keras

from .joint_step import joint_step
from .plain_layer import PlainLayer, plain_call


class FixedBNInteraction(PlainLayer):
    """Products of two or three fields' embeddings, normalised over the batch (scale 1, shift 0): [B, m, d] -> [B, P].

    Or [B, P, 2, d] of a FieldAwareEmbedding with the same interactions -> [B, P], pair by pair.
    Under tf.distribute the batch is that of all replicas. Weights, none of them trainable: `moving_mean` [P],
    `moving_variance` [P], `moving_steps` []; batch t weighs max(1 - momentum, 1 / t).
    """

    def __init__(self, order=2, interactions=None, epsilon=1e-3, momentum=0.99, **kwargs):
        super().__init__(**kwargs)
        if order not in (2, 3):
            raise ValueError(f"{self.name}: order must be 2 or 3. Received: {order}.")
        self.order = order
        self.interactions = None if interactions is None else sorted(sorted(each) for each in interactions)
        self.epsilon = epsilon
        self.momentum = momentum

    def build(self, input_shape):
        self._fields = input_shape[1]
        self._all = self.interactions
        if self._all is None:
            every = range(self._fields)
            self._all = list(every) if len(input_shape) == 4 else [list(p) for p in combinations(every, self.order)]
        self._count = len(self._all)
        self._add_weights()
        super().build(input_shape)

    def _add_weights(self):
        def weight(name, shape, start):
            # All replicas write the same value.
            return self.add_weight(
                name, shape, tf.float32, start, trainable=False, aggregation=tf.VariableAggregation.MEAN
            )

        self.moving_mean = weight("moving_mean", (self._count,), "zeros")
        self.moving_variance = weight("moving_variance", (self._count,), "ones")
        self.moving_steps = weight("moving_steps", (), "zeros")

    @plain_call
    def call(self, embeddings, training=None):
        return self._normalized(self._products(embeddings), training)

    def _products(self, embeddings):
        """[B, m, d] -> [B, P]: pairs from one Gram matrix, triples from one matrix for each middle field."""
        if embeddings.shape.rank == 4:
            return tf.reduce_sum(embeddings[:, :, 0] * embeddings[:, :, 1], -1)
        m = self._fields
        if self.order == 2:
            gram = tf.reshape(tf.matmul(embeddings, embeddings, transpose_b=True), [-1, m * m])
            return tf.gather(gram, [i * m + j for i, j in self._all], axis=1)
        parts, order = [], []
        for middle in sorted({j for _, j, _ in self._all}):
            right = m - middle - 1
            scaled = embeddings[:, :middle] * embeddings[:, middle : middle + 1]
            table = tf.reshape(tf.matmul(scaled, embeddings[:, middle + 1 :], transpose_b=True), [-1, middle * right])
            own = [p for p, (_, j, _) in enumerate(self._all) if j == middle]
            parts.append(
                tf.gather(table, [self._all[p][0] * right + self._all[p][2] - middle - 1 for p in own], axis=1)
            )
            order += own
        return tf.gather(tf.concat(parts, 1), sorted(range(len(order)), key=order.__getitem__), axis=1)

    def _normalized(self, x, training):
        if not training:
            return (x - self.moving_mean) * tf.math.rsqrt(self.moving_variance + self.epsilon)
        step = joint_step()
        if step is not None and step.moments is not None:
            mean, variance = step.moments.of(self, x, [0])
        else:
            rows = tf.cast(tf.shape(x)[0], x.dtype)
            total, rows = _over_replicas([tf.reduce_sum(x, 0), rows])
            mean = total / rows
            variance = _over_replicas([tf.reduce_sum(tf.square(x - mean), 0)])[0] / rows
            self.remember(mean, variance)
        return (x - mean) * tf.math.rsqrt(variance + self.epsilon)

    def remember(self, mean, variance):
        """Move the statistics of predictions towards those of a batch."""
        steps = self.moving_steps + 1
        rate = tf.maximum(1 / steps, 1 - self.momentum)
        self.moving_mean.assign(self.moving_mean + rate * (mean - self.moving_mean))
        self.moving_variance.assign(self.moving_variance + rate * (variance - self.moving_variance))
        self.moving_steps.assign(steps)


class GatedInteraction(FixedBNInteraction):
    """sum_p alpha_p x_p over normalised products: [B, m, d] -> [B, 1], or each term by itself, [B, P].

    Weights: `alpha` [P]; `open` [P], which closes gates for good; the moving statistics.
    """

    def __init__(self, output="sum", alpha_init=0.6, batch_norm=True, use_alpha=True, fields=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if output not in ("sum", "each"):
            raise ValueError(f"{self.name}: output must be 'sum' or 'each'. Received: {output}.")
        self.output_mode = output
        self.alpha_init = alpha_init
        self.batch_norm = batch_norm
        self.use_alpha = use_alpha
        self.fields = fields
        self.seed = seed

    def _add_weights(self):
        if self.use_alpha and self._count > 0:
            start = keras.initializers.RandomUniform(self.alpha_init - 0.001, self.alpha_init + 0.001, self.seed)
            self.alpha = self.add_weight("alpha", (self._count,), tf.float32, start)
            self.open = self.add_weight("open", (self._count,), tf.float32, "ones", trainable=False)
        if self.batch_norm and self._count > 0:
            super()._add_weights()

    @plain_call
    def call(self, embeddings, training=None):
        if self._count == 0:
            return tf.zeros([tf.shape(embeddings)[0], 1])
        x = self._products(embeddings)
        if self.batch_norm:
            x = self._normalized(x, training)
        if self.use_alpha:
            x *= self.alpha * self.open
        return x if self.output_mode == "each" else tf.reduce_sum(x, 1, keepdims=True)

    def get_config(self):
        # Keras has another attribute `output`.
        return {**super().get_config(), "output": self.output_mode}


def _over_replicas(values):
    """Sum over the replicas of the distribution strategy, if there are several."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return values
    return context.all_reduce(tf.distribute.ReduceOp.SUM, values)
