"""Dropout of a model from TensorFlow.js."""

import zlib

import tensorflow as tf
import tf_keras as keras

from .joint_step import joint_step
from .murmur3 import LOW, fmix32


class SeededDropout(keras.layers.Dropout):
    """Keras dropout with the name and the config of SeededDropout in TensorFlow.js.

    Predictions are equal; training drops different values. In `train` they follow from the seed, the step and the
    row's place in the joint batch, so that neither a restart nor the number of workers changes them; elsewhere Keras
    draws them.
    """

    def call(self, inputs, training=None):
        step = joint_step()
        if step is None or not training or self.rate == 0:
            return super().call(inputs, training=training)
        shape = tf.shape(inputs, tf.int64)
        units = tf.reduce_prod(shape[1:])
        seed = zlib.crc32(self.name.encode()) if self.seed is None else self.seed
        key = fmix32(tf.constant(seed & LOW, tf.int64) + fmix32(tf.cast(step.draw, tf.int64) & LOW) & LOW)
        places = tf.cast(step.first, tf.int64) * units + tf.range(shape[0] * units)
        kept = fmix32(key + places * 0x9E3779B9 & LOW) >= int(self.rate * 2**32)
        return inputs * tf.cast(tf.reshape(kept, shape), inputs.dtype) / (1 - self.rate)
