"""MurmurHash3 of texts as a graph of TensorFlow."""

import tensorflow as tf


def murmur3(texts, seed):
    """The hash (x86, 32 bits) of the bytes of each text: strings [batch] -> uint32 [batch]."""
    lengths = tf.strings.length(texts)
    longest = tf.reduce_max(tf.concat([lengths, [1]], 0))
    count = (longest + 3) // 4
    # Bytes past the end are 0, so that the last block of a text needs no case of its own.
    blocks = tf.bitcast(tf.io.decode_raw(texts, tf.int32, fixed_length=4 * count), tf.uint32)

    def step(i, h):
        scrambled = _rotated(blocks[:, i] * _uint(0xCC9E2D51), 15) * _uint(0x1B873593)
        mixed = _rotated(tf.bitwise.bitwise_xor(h, scrambled), 13) * _uint(5) + _uint(0xE6546B64)
        rest = tf.where(i * 4 < lengths, tf.bitwise.bitwise_xor(h, scrambled), h)
        return i + 1, tf.where((i + 1) * 4 <= lengths, mixed, rest)

    start = tf.fill(tf.shape(texts), _uint(seed))
    _, h = tf.while_loop(lambda i, _: i < count, step, (0, start), (tf.TensorShape([]), start.shape))
    h = _xor_shifted(tf.bitwise.bitwise_xor(h, tf.cast(lengths, tf.uint32)), 16)
    h = _xor_shifted(h * _uint(0x85EBCA6B), 13)
    return _xor_shifted(h * _uint(0xC2B2AE35), 16)


def _uint(value):
    return tf.constant(value, tf.uint32)


def _rotated(h, bits):
    left, right = tf.bitwise.left_shift(h, _uint(bits)), tf.bitwise.right_shift(h, _uint(32 - bits))
    return tf.bitwise.bitwise_or(left, right)


def _xor_shifted(h, bits):
    return tf.bitwise.bitwise_xor(h, tf.bitwise.right_shift(h, _uint(bits)))
