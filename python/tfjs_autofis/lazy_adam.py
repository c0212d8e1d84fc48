"""LazyAdam, with the results and the saved state of that in TensorFlow.js."""

import tensorflow as tf

from .pieces import path_of
from .saved_optimizer import SavedOptimizer


class LazyAdam(SavedOptimizer):
    """Adam that moves only those rows of a table that the batch touches; with `exact` the dense rule everywhere."""

    def __init__(
        self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-7, exact=False, name="LazyAdam", **kwargs
    ):
        super().__init__(learning_rate, name, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.exact = exact

    def _add_slots(self, var_list):
        self._paths = [path_of(variable) for variable in var_list]
        self._m = [self.add_variable_from_reference(variable, "m") for variable in var_list]
        self._v = [self.add_variable_from_reference(variable, "v") for variable in var_list]

    def update_step(self, gradient, variable):
        m, v = self._of(self._m, variable), self._of(self._v, variable)
        t = tf.cast(self.iterations + 1, tf.float64)
        root = tf.sqrt(1 - self.beta2**t)
        rate = tf.cast(tf.cast(self.learning_rate, tf.float64) * root / (1 - self.beta1**t), tf.float32)
        epsilon = tf.cast(self.epsilon * root, tf.float32)
        if isinstance(gradient, tf.IndexedSlices) and not self.exact:
            rows, g = gradient.indices, gradient.values
            new_m = tf.gather(m, rows) * self.beta1 + g * (1 - self.beta1)
            new_v = tf.gather(v, rows) * self.beta2 + tf.square(g) * (1 - self.beta2)
            m.scatter_update(tf.IndexedSlices(new_m, rows))
            v.scatter_update(tf.IndexedSlices(new_v, rows))
            variable.scatter_sub(tf.IndexedSlices(rate * new_m / (tf.sqrt(new_v) + epsilon), rows))
            return
        g = tf.convert_to_tensor(gradient)
        new_m, new_v = m * self.beta1 + g * (1 - self.beta1), v * self.beta2 + tf.square(g) * (1 - self.beta2)
        m.assign(new_m)
        v.assign(new_v)
        variable.assign_sub(rate * new_m / (tf.sqrt(new_v) + epsilon))

    def _slots(self):
        return [
            (f"{path}/{kind}", variable)
            for kind, variables in (("m", self._m), ("v", self._v))
            for path, variable in zip(self._paths, variables)
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "learning_rate": self._rate(),
            "beta1": self.beta1,
            "beta2": self.beta2,
            "epsilon": self.epsilon,
            "exact": self.exact,
        }

    def tfjs_config(self):
        return {
            "learningRate": self._rate(),
            "beta1": self.beta1,
            "beta2": self.beta2,
            "epsilon": self.epsilon,
            "exact": self.exact,
        }
