"""First values of a table in pieces: each piece has its rows of what one draw of the whole table gives."""

import copy

import tensorflow as tf
import tf_keras as keras

_GROUP = 4
"""Numbers that one count of the generator gives."""
_RESERVED = 256
"""Counts that TensorFlow reserves for a group of truncated normal numbers, since it rejects some."""
_PHILOX = 1
_PLAIN = (keras.initializers.Zeros, keras.initializers.Ones, keras.initializers.Constant)
_RANDOM = (
    keras.initializers.RandomUniform,
    keras.initializers.RandomNormal,
    keras.initializers.TruncatedNormal,
    keras.initializers.VarianceScaling,
)


def drawn_by_rows(initializer, shape):
    """An initializer of a table that also draws pieces, as tf.distribute asks for them.

    TensorFlow would draw each piece by a seed of its own, so that the values would depend on the number of pieces.
    """
    whole = keras.initializers.get(initializer)

    def draw(shape=shape, dtype=None, partition_shape=None, partition_offset=None):
        if partition_shape is None:
            return whole(shape, dtype=dtype)
        if isinstance(whole, _PLAIN):
            return whole(partition_shape, dtype=dtype)
        part = copy.copy(whole)
        row = int(tf.TensorShape(shape[1:]).num_elements())
        generator = whole._random_generator
        generator._maybe_init()
        part._random_generator = _PartGenerator(
            generator.make_seed_for_stateless_op(), partition_offset[0] * row, partition_shape
        )
        return part(shape, dtype=dtype)

    return draw


def can_draw_by_rows(initializer):
    """Whether `drawn_by_rows` can draw pieces of what an initializer gives."""
    return isinstance(initializer, (*_PLAIN, *_RANDOM))


class _PartGenerator:
    """A generator whose draws of a whole table give the part that begins at an element."""

    def __init__(self, seed, first, shape):
        self._seed, self._first, self._shape = seed, first, shape

    def random_uniform(self, shape, minval, maxval, dtype, nonce=None):
        drawn = self._part(tf.raw_ops.StatelessRandomUniformV2, dtype, 1)
        return drawn * (maxval - minval) + minval

    def random_normal(self, shape, mean, stddev, dtype, nonce=None):
        return self._part(tf.raw_ops.StatelessRandomNormalV2, dtype, 1) * stddev + mean

    def truncated_normal(self, shape, mean, stddev, dtype, nonce=None):
        return self._part(tf.raw_ops.StatelessTruncatedNormalV2, dtype, _RESERVED) * stddev + mean

    def _part(self, draw, dtype, counts):
        skipped, left = divmod(self._first, _GROUP)
        key_counter = tf.raw_ops.StatelessRandomGetKeyCounter(seed=self._seed)
        start = tf.constant([skipped * counts, 0], tf.uint64)
        count = int(tf.TensorShape(self._shape).num_elements())
        drawn = draw(
            shape=[left + count], key=key_counter.key, counter=key_counter.counter + start, alg=_PHILOX, dtype=dtype
        )
        return tf.reshape(drawn[left:], self._shape)
