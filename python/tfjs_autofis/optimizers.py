"""The optimizers, with the results and the saved state of those in TensorFlow.js."""

import numpy as np
import tensorflow as tf
import tf_keras as keras

from .pieces import path_of
from .plain_layer import plain
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


class Partitioned(SavedOptimizer):
    """Each named group of weights has its own optimizer: groups are {"name", "weights": [{"name"}], "optimizer"}.

    A weight is named by its path ("gate/alpha") or the last part of it. One group may have no `weights`; it takes the
    rest.
    """

    def __init__(self, groups, name="Partitioned", **kwargs):
        kwargs.pop("learning_rate", None)
        super().__init__(0.0, name, **kwargs)
        self.groups = [{**group, "optimizer": _instance(group["optimizer"])} for group in groups]

    def _add_slots(self, var_list):
        self._group_of = {}
        for index, variable in enumerate(var_list):
            claims = [
                g
                for g, group in enumerate(self.groups)
                if any(_matches(path_of(variable), w["name"]) for w in group.get("weights") or [])
            ]
            claims = claims or [g for g, group in enumerate(self.groups) if group.get("weights") is None]
            if len(claims) != 1:
                raise ValueError(
                    f"Partitioned: weight {path_of(variable)} must belong to one group. "
                    f"Received: {[self.groups[g]['name'] for g in claims]}."
                )
            self._group_of[self._var_key(variable)] = claims[0]
        for g, group in enumerate(self.groups):
            # All groups count the same steps.
            group["optimizer"].iterations = self.iterations
            group["optimizer"].build([v for v in var_list if self._group_of[self._var_key(v)] == g])

    def update_step(self, gradient, variable):
        self.groups[self._group_of[self._var_key(variable)]]["optimizer"].update_step(gradient, variable)

    def state(self):
        return [("iter", tf.cast(self.iterations, tf.int32).numpy())] + [
            (f"{group['name']}/{name}", value) for group in self.groups for name, value in group["optimizer"].state()
        ]

    def restore(self, values):
        (_, step), *rest = values
        for group in self.groups:
            prefix = f"{group['name']}/"
            group["optimizer"].restore(
                [(name[len(prefix) :], value) for name, value in rest if name.startswith(prefix)]
            )
        self.iterations.assign(int(step))

    def get_config(self):
        groups = self._serialized("class_name", lambda optimizer: optimizer.get_config())
        return {**super().get_config(), "groups": groups}

    def tfjs_config(self):
        return {"groups": self._serialized("className", lambda optimizer: optimizer.tfjs_config())}

    def _serialized(self, class_name, config_of):
        # Keras has wrapped the dicts and lists.
        return [
            {
                "name": group["name"],
                **({} if group.get("weights") is None else {"weights": plain(group["weights"])}),
                "optimizer": {class_name: type(group["optimizer"]).__name__, "config": config_of(group["optimizer"])},
            }
            for group in self.groups
        ]


def _matches(path, pattern):
    return path == pattern or path.endswith(f"/{pattern}")


def _instance(optimizer):
    if isinstance(optimizer, keras.optimizers.Optimizer):
        return optimizer
    return OPTIMIZERS[optimizer["class_name"]](**optimizer["config"])


OPTIMIZERS = {cls.__name__: cls for cls in (GRDA, LazyAdam, Partitioned)}
