"""Dropout of a model that began in TensorFlow.js."""

import tf_keras as keras


class SeededDropout(keras.layers.Dropout):
    """Keras's dropout with the name and the config of SeededDropout in TensorFlow.js.

    Predictions are the same; training drops other values, since Keras draws them.
    """
