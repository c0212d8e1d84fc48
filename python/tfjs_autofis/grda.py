"""GRDA, with the results and the saved state of that in TensorFlow.js."""

import numpy as np
import tensorflow as tf

from .pieces import path_of
from .saved_optimizer import SavedOptimizer


class GRDA(SavedOptimizer):
    """Generalised regularised dual averaging: weights are soft-thresholded duals, exactly zero inside the threshold.

    v_{t+1} = v_t - gamma g_t, w = sign(v) max(|v| - threshold, 0); each step adds c gamma^(1/2 + mu) (t^mu - (t-1)^mu)
    to the threshold. The first `warmup_steps` steps change nothing.
    """

    def __init__(self, learning_rate=1.0, c=0.0, mu=0.8, warmup_steps=0, name="GRDA", **kwargs):
        super().__init__(learning_rate, name, **kwargs)
        self.c = c
        self.mu = mu
        self.warmup_steps = warmup_steps

    def _add_slots(self, var_list):
        self._paths = [path_of(variable) for variable in var_list]
        self._duals = [self.add_variable_from_reference(variable, "dual") for variable in var_list]
        # Two float32 whose sum is the value; one pair for each weight, since weights are updated one by one.
        self._thresholds = [
            self.add_variable_from_reference(variable, "threshold", shape=(2,)) for variable in var_list
        ]

    def update_step(self, gradient, variable):
        dual, parts = self._of(self._duals, variable), self._of(self._thresholds, variable)
        t = tf.cast(self.iterations + 1 - self.warmup_steps, tf.float64)
        gamma, active = tf.cast(self.learning_rate, tf.float64), t > 0
        last = tf.maximum(t - 1, 0)
        step = self.c * gamma ** (0.5 + self.mu) * (tf.maximum(t, 0) ** self.mu - last**self.mu)
        threshold = tf.reduce_sum(tf.cast(parts, tf.float64)) + step
        high = tf.cast(threshold, tf.float32)
        low = tf.cast(threshold - tf.cast(high, tf.float64), tf.float32)
        value = tf.convert_to_tensor(variable)
        moved = tf.where(tf.equal(last, 0), value, dual) - tf.convert_to_tensor(gradient) * tf.cast(gamma, tf.float32)
        cut = tf.sign(moved) * tf.nn.relu(tf.abs(moved) - tf.cast(threshold, tf.float32))
        parts.assign(tf.where(active, tf.stack([high, low]), parts))
        dual.assign(tf.where(active, moved, dual))
        variable.assign(tf.where(active, cut, value))

    def state(self):
        step, *duals = super().state()
        threshold = self._thresholds[0].numpy() if self._thresholds else tf.zeros([2]).numpy()
        # During the warm-up there are no duals yet.
        return [step, ("threshold", threshold)] + (duals if step[1] > self.warmup_steps else [])

    def restore(self, values):
        step, (_, threshold), *duals = values
        super().restore([step, *duals])
        for variable in self._thresholds:
            variable.assign(np.array(threshold))

    def _slots(self):
        return [(f"{path}/dual", dual) for path, dual in zip(self._paths, self._duals)]

    def get_config(self):
        return {
            **super().get_config(),
            "learning_rate": self._rate(),
            "c": self.c,
            "mu": self.mu,
            "warmup_steps": self.warmup_steps,
        }

    def tfjs_config(self):
        return {"learningRate": self._rate(), "c": self.c, "mu": self.mu, "warmupSteps": self.warmup_steps}
