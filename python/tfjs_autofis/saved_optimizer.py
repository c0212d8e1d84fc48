"""Optimizers whose state TensorFlow.js saves."""

import re

import numpy as np
import tensorflow as tf
import tf_keras as keras

from .pieces import Pieces, joined, on_server
from .plain_layer import config_of


class SavedOptimizer(keras.optimizers.Optimizer):
    """An optimizer whose state has the form that TensorFlow.js saves."""

    def __init__(self, learning_rate, name, **kwargs):
        kwargs["jit_compile"] = False
        super().__init__(name=name, **kwargs)
        self._learning_rate = self._build_learning_rate(learning_rate)

    def build(self, var_list):
        super().build(var_list)
        if getattr(self, "_built", False):
            return
        self._built = True
        self._add_slots(var_list)

    def state(self):
        """The optimizer's weights under the names of TensorFlow.js: a list of (name, array, or Pieces on servers)."""
        return [("iter", tf.cast(self.iterations, tf.int32).numpy())] + [
            (name, variable if isinstance(variable, Pieces) else variable.numpy())
            for name, variable in joined(self._slots())
        ]

    def restore(self, values):
        """Restore such a list; call it after build()."""
        slots = joined(self._slots())
        (_, step), *rest = values
        self.iterations.assign(int(step))
        if not rest:
            return
        by_name = dict(rest)
        if set(by_name) <= {name for name, _ in slots}:
            # Weights that it has not trained yet, such as alpha in a search, are not in its state.
            slots = [(name, variable) for name, variable in slots if name in by_name]
        values = [by_name.get(name, in_order) for (name, _), in_order in zip(slots, by_name.values())]
        if len(by_name) != len(slots) or any(
            tuple(value.shape) != tuple(variable.shape) for value, (_, variable) in zip(values, slots)
        ):
            raise ValueError(
                f"{self.name}: the saved state has {[(n, v.shape) for n, v in rest]}, but the weights need "
                f"{[(n, tuple(v.shape)) for n, v in slots]}. Load it into the model that it was saved with."
            )
        for (_, variable), value in zip(slots, values):
            # A copy, as for the weights: the file that it is read from may go.
            variable.assign(value if isinstance(variable, Pieces) else np.array(value))

    def add_variable_from_reference(self, model_variable, variable_name, shape=None, initial_value=None):
        if on_server(model_variable) and initial_value is None:
            # Where the weight is, since no other process may have room for it.
            with tf.device(model_variable.device):
                initial_value = tf.zeros(model_variable.shape if shape is None else shape, model_variable.dtype)
        return super().add_variable_from_reference(model_variable, variable_name, shape, initial_value)

    def get_config(self):
        return {**super().get_config(), "learning_rate": self._rate(), **config_of(self)}

    def tfjs_config(self):
        """The config as TensorFlow.js has it."""
        config = {"learning_rate": self._rate(), **config_of(self)}
        return {re.sub("_(.)", lambda match: match[1].upper(), key): config[key] for key in config if key != "name"}

    def _add_slots(self, var_list):
        """Make what a step needs for these weights; called once."""
        raise NotImplementedError

    def _slots(self):
        raise NotImplementedError

    def _rate(self):
        """The learning rate in its shortest form: 0.001, not the nearest float32."""
        return float(str(self.learning_rate.numpy()))

    def _of(self, slots, variable):
        return slots[self._index_dict[self._var_key(variable)]]
