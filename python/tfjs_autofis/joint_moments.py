"""Means and variances over a joint batch, as values that a worker is given rather than computes."""

import tensorflow as tf
import tf_keras as keras

from .joint_step import joint_step


class JointMoments:
    """What layers that normalise over the batch use in one call of a model on a worker's rows.

    given: (mean, variance) of the joint batch for each call of such a layer, in their order. Without it the moments
        are dummies, from which `levels` sees which layers depend on which.

    A worker adds `own` to the moments of the joint batch. Once they are known, the loss is a function of the weights
    and of all moments, summed over workers, and its gradient runs back through `weighted`.
    """

    def __init__(self, given=None):
        self._given = given
        self.layers, self._calls = [], []

    def of(self, layer, x, axes):
        """(mean, variance) over some axes of the joint batch, for a layer's input."""
        index = len(self._calls)
        if self._given is None:
            size = [n for axis, n in enumerate(x.shape) if axis not in axes]
            mean, variance = tf.identity(tf.zeros(size)), tf.identity(tf.ones(size))
        else:
            mean, variance = self._given[index]
        self.layers.append(layer)
        self._calls.append((x, axes, mean, variance))
        return mean, variance

    def shapes(self):
        """Of the mean in each call."""
        return [mean.shape for _, _, mean, _ in self._calls]

    def own(self, index):
        """(sum, squares about the worker's own mean, count) of this worker's rows."""
        x, axes, _, _ = self._calls[index]
        count, total = _count(x, axes), tf.reduce_sum(x, axes)
        mean = tf.reshape(tf.math.divide_no_nan(total, count), _broadcast(x, axes))
        return total, tf.reduce_sum(tf.square(x - mean), axes), count

    def weighted(self, index, weights, count):
        """What this worker's rows add to the moments, times their gradients; `count` is that of the joint batch.

        The derivative of the variance with respect to the mean is zero over the joint batch.
        """
        x, axes, mean, _ = self._calls[index]
        centred = x - tf.reshape(tf.stop_gradient(mean), _broadcast(x, axes))
        to_mean, to_variance = (tf.reshape(weight, _broadcast(x, axes)) for weight in weights)
        return tf.reduce_sum(x * to_mean + tf.square(centred) * to_variance) / count

    def levels(self):
        """The calls in groups: each depends on moments of earlier groups only."""
        found = []
        for index, (x, *_) in enumerate(self._calls):
            before = _ancestors(x)
            found.append(1 + max((found[i] for i in range(index) if self._calls[i][2].op in before), default=-1))
        return [[i for i, own in enumerate(found) if own == level] for level in range(max(found, default=-1) + 1)]


class JointBatchNormalization(keras.layers.BatchNormalization):
    """BatchNormalization over a joint batch, which a training with servers gives the moments of."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "synchronized": True})

    def _calculate_mean_and_var(self, inputs, reduction_axes, keep_dims, mask=None):
        step = joint_step()
        if step is None or step.moments is None:
            return super()._calculate_mean_and_var(inputs, reduction_axes, keep_dims, mask=mask)
        axes = [axis % inputs.shape.rank for axis in reduction_axes]
        moments = step.moments.of(self, inputs, axes)
        return tuple(tf.reshape(each, _broadcast(inputs, axes)) for each in moments) if keep_dims else moments

    def add_update(self, updates):
        # Workers only read; `remember` writes.
        step = joint_step()
        if step is None or step.moments is None:
            super().add_update(updates)

    def remember(self, mean, variance):
        """Move the statistics of predictions towards those of a batch."""
        for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign_sub((moving - value) * (1 - self.momentum))


def _count(x, axes):
    return tf.cast(tf.reduce_prod(tf.gather(tf.shape(x), axes)), x.dtype)


def _broadcast(x, axes):
    return [1 if axis in axes else n for axis, n in enumerate(x.shape)]


def _ancestors(tensor):
    """All operations that a tensor of a graph is computed from."""
    found, queue = set(), [tensor.op]
    while queue:
        operation = queue.pop()
        if operation not in found:
            found.add(operation)
            queue += [each.op for each in operation.inputs]
    return found
