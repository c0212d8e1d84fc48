"""Layers that TensorFlow traces as they are written."""

import inspect

import tensorflow as tf


def plain_call(call):
    """Decorate a layer's `call` without control flow over tensors: AutoGraph need not convert it.

    The conversion costs a model's loading, first step and saving up to a third of their time.
    """
    plain = tf.autograph.experimental.do_not_convert(call)
    # Keras reads from it whether the layer takes `training`.
    plain.__signature__ = inspect.signature(call)
    return plain
