"""Arguments and results of tasks in one vector of each type: every tensor of its own costs a message."""

import numpy as np
import tensorflow as tf

PACKED = [tf.TensorSpec([None], tf.int64), tf.TensorSpec([None], tf.float32)]
"""Signature of a task: whole numbers, and others."""


def pack_batch(batch, start, stop, draw, others):
    """(whole numbers, others) of some rows of a joint batch, with other numbers behind them."""
    head = np.array([start, batch.rows, draw, stop - start], np.int64)
    floats = [[batch.total], batch.labels[start:stop], batch.weights[start:stop], *others]
    ids = np.asarray(batch.ids[start:stop], np.int64)
    return np.concatenate([head, ids.ravel()]), np.concatenate([np.ravel(each) for each in floats]).astype(np.float32)


def unpack_batch(whole, floats, columns):
    """((ids, labels, weights, first, rows, total), draw, other numbers) as tensors."""
    first, rows, draw, own = (whole[i] for i in range(4))
    ids = tf.reshape(tf.cast(whole[4:], tf.int32), [-1, columns])
    batch = ids, floats[1 : 1 + own], floats[1 + own : 1 + 2 * own], first, rows, floats[0]
    return batch, draw, floats[1 + 2 * own :]


def joined_tensors(tensors, dtype=tf.float32):
    """Tensors in one vector."""
    return tf.concat([tf.zeros([0], dtype), *(tf.reshape(tf.cast(each, dtype), [-1]) for each in tensors)], 0)


def split(vector, shapes):
    """A vector of tensors or of NumPy as values of these shapes, one after another."""
    values, at = [], 0
    for shape in shapes:
        size = int(np.prod(shape, dtype=np.int64))
        part = vector[at : at + size]
        values.append(part.reshape(shape) if isinstance(part, np.ndarray) else tf.reshape(part, shape))
        at += size
    return values
