"""What the layers of this package have in common."""

import inspect

import tensorflow as tf
import tf_keras as keras


def plain_call(call):
    """Decorate a layer's `call` without control flow over tensors: AutoGraph need not convert it.

    The conversion costs a model's loading, first step and saving up to a third of their time.
    """
    plain = tf.autograph.experimental.do_not_convert(call)
    # Keras reads from it whether the layer takes `training`.
    plain.__signature__ = inspect.signature(call)
    return plain


def config_of(instance):
    """The config of a layer or an optimizer: the arguments of its constructors, from its attributes of their names."""
    classes = [cls for cls in type(instance).__mro__ if cls.__module__.startswith(__package__)]
    names = [
        name
        for cls in reversed(classes)
        for name, parameter in inspect.signature(cls.__init__).parameters.items()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and name in vars(instance)
    ]
    return {name: plain(getattr(instance, name)) for name in names}


def plain(value):
    """A value as a config has it: Keras has wrapped the lists and dicts."""
    if isinstance(value, (keras.initializers.Initializer, keras.regularizers.Regularizer)):
        return keras.saving.serialize_keras_object(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


class PlainLayer(keras.layers.Layer):
    """A layer that has the arguments of its constructor as attributes, and a `seed` that random starts follow from."""

    def get_config(self):
        return {**super().get_config(), **config_of(self)}

    def _glorot(self, offset):
        """Glorot's uniform start, of the weight that comes `offset` after the layer's first."""
        return keras.initializers.GlorotUniform(self._seed_of(offset))

    def _uniform(self, bound, offset):
        return keras.initializers.RandomUniform(-bound, bound, self._seed_of(offset))

    def _seed_of(self, offset):
        return None if self.seed is None else self.seed + offset


def small_start(initializer, seed):
    """An initializer of embeddings, by default uniform numbers from -0.02 to 0.02."""
    return keras.initializers.get(initializer or keras.initializers.RandomUniform(-0.02, 0.02, seed))
