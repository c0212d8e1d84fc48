"""Gradients of a joint batch from workers that know nothing of each other."""

import numpy as np
import tensorflow as tf

from .joint_moments import JointMoments
from .training_step import share_of_loss

_PACKED = [tf.TensorSpec([None], tf.int64), tf.TensorSpec([None], tf.float32)]
"""Signature of a task: whole numbers, and others, in one vector each, since every tensor costs a message."""


class JointGradients:
    """Loss of a model and its gradients on a joint batch, each worker with its rows.

    A worker's task depends on its arguments and on the weights alone, so that another worker can repeat it. Layers
    that normalise over the batch therefore take passes: forwards, one for each level of them, tasks return what their
    rows add to the moments; backwards, the gradients with respect to the moments. The last pass gives the gradients
    of the weights `wanted`: the sum over workers is that of one worker with all rows.
    """

    def __init__(self, model, loss, workers, wanted):
        self._model, self._loss, self._workers, self._wanted = model, loss, workers, wanted
        self._columns = model.input_shape[1]
        probe = JointMoments()
        traced = tf.function(lambda *args: self._share(_unpack_batch(*args, self._columns), probe), autograph=False)
        traced.get_concrete_function(*_PACKED)
        self.layers, self._levels = probe.layers, probe.levels()
        # Of each normalising call: mean and variance; the gradients of both; the count.
        self._shapes = [[shape] * 2 for shape in probe.shapes()]
        self._of_gradients = []

        def task(function, *args):
            return tf.function(lambda *given: function(*args, *given), input_signature=_PACKED, autograph=False)

        self._forwards = [task(self._own_moments, level) for level in self._levels]
        self._backwards = [task(self._moment_gradients, level) for level in range(len(self._levels))]
        self._last = task(self._gradients)

    def passes(self, batch, draw):
        """Yield the tasks of each pass, [(function, arguments)], and take their results.

        Returns (loss, for each wanted weight the gradients that tasks found, (mean, variance) of normalising calls).
        """
        moments, weights = ([[np.zeros(s, np.float32) for s in each] for each in self._shapes] for _ in range(2))
        counts = [1.0] * len(moments)

        def tasks(function):
            bounds = [index * batch.rows // self._workers for index in range(self._workers + 1)]
            others = [*sum(moments, []), *sum(weights, []), counts]
            return [(function, _pack_batch(batch, *own, draw, others)) for own in zip(bounds, bounds[1:])]

        for level, function in zip(self._levels, self._forwards):
            results = yield tasks(function)
            shapes = [shape for index in level for shape in (*self._shapes[index], ())]
            own = [_split(result, shapes) for result in results]
            for place, index in enumerate(level):
                moments[index], counts[index] = _merged([each[3 * place : 3 * place + 3] for each in own])
        for level, function in reversed([*zip(self._levels, self._backwards)]):
            total = np.sum((yield tasks(function)), 0, np.float64)
            values = _split(total, sum((self._shapes[index] for index in level), []))
            for place, index in enumerate(level):
                weights[index] = values[2 * place : 2 * place + 2]
        found = [self._unpacked(*result) for result in (yield tasks(self._last))]
        return sum(float(loss) for loss, _ in found), [*zip(*(gradients for _, gradients in found))], moments

    def _share(self, unpacked, moments):
        batch, draw, _ = unpacked
        return share_of_loss(self._model, self._loss, batch, draw, self._workers, moments)

    def _unpack(self, *packed):
        """(unpacked batch, moments, their gradients, counts)"""
        unpacked = _unpack_batch(*packed, self._columns)
        shapes, calls = sum(self._shapes, []), len(self._shapes)
        values = _split(unpacked[2], [*shapes, *shapes, *[()] * calls])
        pairs = [values[2 * i : 2 * i + 2] for i in range(2 * calls)]
        return unpacked, pairs[:calls], pairs[calls:], values[4 * calls :]

    def _own_moments(self, level, *packed):
        unpacked, moments, _, _ = self._unpack(*packed)
        joint = JointMoments(moments)
        self._share(unpacked, joint)
        return _joined_tensors(value for index in level for value in joint.own(index))

    def _objective(self, unpacked, moments, weights, counts, above):
        """The loss, and behind it the moments of the levels from `above` on by their gradients."""
        joint = JointMoments(moments)
        loss = self._share(unpacked, joint)
        behind = [index for level in self._levels[above:] for index in level]
        return loss, loss + sum(joint.weighted(index, weights[index], counts[index]) for index in behind)

    def _moment_gradients(self, level, *packed):
        unpacked, moments, weights, counts = self._unpack(*packed)
        own = sum((moments[index] for index in self._levels[level]), [])
        with tf.GradientTape() as tape:
            tape.watch(own)
            _, objective = self._objective(unpacked, moments, weights, counts, level + 1)
        return _joined_tensors(tape.gradient(objective, own, unconnected_gradients=tf.UnconnectedGradients.ZERO))

    def _gradients(self, *packed):
        """Loss and gradients in one vector, and of tables the numbers of rows and the rows in another."""
        with tf.GradientTape() as tape:
            loss, objective = self._objective(*self._unpack(*packed), 0)
        values, rows = [loss], []
        gradients = tape.gradient(objective, self._wanted)
        for gradient in gradients:
            if isinstance(gradient, tf.IndexedSlices):
                touched, places = tf.unique(gradient.indices)
                rows.append(touched)
                values.append(tf.math.unsorted_segment_sum(gradient.values, places, tf.size(touched)))
            elif gradient is not None:
                values.append(gradient)
        self._of_gradients = [
            None if gradient is None else isinstance(gradient, tf.IndexedSlices) for gradient in gradients
        ]
        return _joined_tensors(values), _joined_tensors([*map(tf.size, rows), *rows], tf.int64)

    def _unpacked(self, values, rows):
        """(loss, the gradient of each weight): (), (dense,) or (values of rows, rows)."""
        tables = self._of_gradients.count(True)
        counts = iter(rows[:tables])
        shapes, of_rows = [()], []
        for weight, in_rows in zip(self._wanted, self._of_gradients):
            if in_rows:
                of_rows.append(int(next(counts)))
                shapes.append((of_rows[-1], *weight.shape[1:]))
            elif in_rows is not None:
                shapes.append(tuple(weight.shape))
        loss, *split_values = _split(values, shapes)
        values, rows = iter(split_values), iter(_split(rows[tables:], [(count,) for count in of_rows]))
        return loss, [
            () if in_rows is None else (next(values), next(rows)) if in_rows else (next(values),)
            for in_rows in self._of_gradients
        ]


def _merged(own):
    """([mean, variance], count) of the rows of all workers, from the sums of each."""
    totals, squares, counts = (np.stack(each).astype(np.float64) for each in zip(*own))
    count = counts.sum()
    mean = totals.sum(0) / count
    rows = np.reshape(counts, [-1] + [1] * mean.ndim)
    apart = rows * np.square(totals / np.maximum(rows, 1) - mean)
    return [mean, (squares.sum(0) + apart.sum(0)) / count], count


def _pack_batch(batch, start, stop, draw, others):
    """(whole numbers, others) of some rows of a joint batch, with other numbers behind them."""
    head = np.array([start, batch.rows, draw, stop - start], np.int64)
    floats = [[batch.total], batch.labels[start:stop], batch.weights[start:stop], *others]
    ids = np.asarray(batch.ids[start:stop], np.int64)
    return np.concatenate([head, ids.ravel()]), np.concatenate([np.ravel(each) for each in floats]).astype(np.float32)


def _unpack_batch(whole, floats, columns):
    """((ids, labels, weights, first, rows, total), draw, other numbers) as tensors."""
    first, rows, draw, own = (whole[i] for i in range(4))
    ids = tf.reshape(tf.cast(whole[4:], tf.int32), [-1, columns])
    batch = ids, floats[1 : 1 + own], floats[1 + own : 1 + 2 * own], first, rows, floats[0]
    return batch, draw, floats[1 + 2 * own :]


def _joined_tensors(tensors, dtype=tf.float32):
    """Tensors in one vector."""
    return tf.concat([tf.zeros([0], dtype), *(tf.reshape(tf.cast(each, dtype), [-1]) for each in tensors)], 0)


def _split(vector, shapes):
    """A vector of tensors or of NumPy as values of these shapes, one after another."""
    values, at = [], 0
    for shape in shapes:
        size = int(np.prod(shape, dtype=np.int64))
        part = vector[at : at + size]
        values.append(part.reshape(shape) if isinstance(part, np.ndarray) else tf.reshape(part, shape))
        at += size
    return values
