"""Partitioned, with the results and the saved state of that in TensorFlow.js."""

import tensorflow as tf
import tf_keras as keras

from .grda import GRDA
from .lazy_adam import LazyAdam
from .pieces import path_of
from .saved_optimizer import SavedOptimizer


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
        return {
            **super().get_config(),
            "groups": self._serialized("class_name", lambda optimizer: optimizer.get_config()),
        }

    def tfjs_config(self):
        return {"groups": self._serialized("className", lambda optimizer: optimizer.tfjs_config())}

    def _serialized(self, class_name, config_of):
        # Keras has wrapped the dicts and lists.
        return [
            {
                "name": group["name"],
                **(
                    {}
                    if group.get("weights") is None
                    else {"weights": [{"name": weight["name"]} for weight in group["weights"]]}
                ),
                "optimizer": {class_name: type(group["optimizer"]).__name__, "config": config_of(group["optimizer"])},
            }
            for group in self.groups
        ]


def _matches(path, pattern):
    return path == pattern or path.endswith(f"/{pattern}")


def _instance(optimizer):
    if isinstance(optimizer, keras.optimizers.Optimizer):
        return optimizer
    known = {"GRDA": GRDA, "LazyAdam": LazyAdam}
    return known[optimizer["class_name"]](**optimizer["config"])
