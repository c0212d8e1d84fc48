"""Dropout of a model from TensorFlow.js."""

import tf_keras as keras


class SeededDropout(keras.layers.Dropout):
    """Keras dropout with the name and the config of SeededDropout in TensorFlow.js.

    Predictions are equal; training drops different values, since Keras draws them.
    """
