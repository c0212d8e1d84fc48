"""One step of a training of several workers: the gradients of the whole joint batch."""

import tensorflow as tf
import tf_keras as keras

from .joint_step import JointStep, in_joint_step

_SIGNATURE = [
    tf.TensorSpec([None, None], tf.int32),
    tf.TensorSpec([None], tf.float32),
    tf.TensorSpec([None], tf.float32),
    tf.TensorSpec([], tf.int64),
    tf.TensorSpec([], tf.int64),
    tf.TensorSpec([], tf.float32),
]
"""Of a JointBatch."""


class TrainingStep:
    """Steps of a compiled model on joint batches; a call gives their loss.

    The loss is the weighted mean over the joint batch, as if one worker had all of its rows. Where `alphas` are given,
    these weights take their gradients from held-out batches, which change no other weight, moving statistics included.
    """

    def __init__(self, strategy, model, alphas=()):
        self._strategy = strategy
        self._model = model
        self._loss = keras.losses.get(model.loss)
        self._alphas = list(alphas)
        signature = [_SIGNATURE] * (2 if self._alphas else 1)
        self._run = tf.function(self._on_all, input_signature=signature, autograph=False)

    def __call__(self, *batches):
        """Train on this worker's rows of a joint batch, and of a held-out one where there are `alphas`."""
        return float(self._run(*([*map(tf.constant, batch, _types())] for batch in batches)))

    def _on_all(self, *batches):
        losses = self._strategy.run(self._on_one, args=batches)
        # All replicas have the same sum.
        return self._strategy.experimental_local_results(losses)[0]

    def _on_one(self, batch, held_out=None):
        model, draw = self._model, 2 * self._model.optimizer.iterations
        weights = model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self._share(batch, draw)
        gradients = tape.gradient(loss, weights)
        if held_out is not None:
            own = {id(alpha): gradient for alpha, gradient in zip(self._alphas, self._held_out(held_out, draw + 1))}
            gradients = [own.get(id(weight), gradient) for weight, gradient in zip(weights, gradients)]
        model.optimizer.apply_gradients(
            [(gradient, weight) for gradient, weight in zip(gradients, weights) if gradient is not None]
        )
        return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, loss)

    def _held_out(self, batch, draw):
        untouched = [(weight, tf.identity(weight)) for weight in self._model.non_trainable_weights]
        with tf.GradientTape() as tape:
            loss = self._share(batch, draw)
        gradients = tape.gradient(loss, self._alphas)
        for weight, value in untouched:
            weight.assign(value)
        return gradients

    def _share(self, batch, draw):
        replicas = self._strategy.num_replicas_in_sync
        return share_of_loss(self._model, self._loss, batch, draw, replicas)


def share_of_loss(model, loss, batch, draw, workers, moments=None):
    """What a worker's rows add to the loss of the joint batch."""
    ids, labels, weights, first, rows, total = batch
    with in_joint_step(JointStep(draw, first, rows, moments)):
        predictions = model(ids, training=True)
    losses = loss(labels[:, None], predictions)
    return tf.reduce_sum(losses * weights) / total + sum(model.losses) / workers


def _types():
    return [spec.dtype for spec in _SIGNATURE]
