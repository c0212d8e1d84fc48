"""The stages of a training: with which weights and which optimizer each begins."""

import json

import numpy as np
import tensorflow as tf
import tf_keras as keras

from .files import build_model, compile_model, layers_of, read_model, read_optimizer
from .grda import GRDA
from .interactions import GatedInteraction
from .lazy_adam import LazyAdam
from .partitioned import Partitioned
from .saved_optimizer import path_of

_MU = 0.8
_FROZEN = 1 / 3


def is_gate(layer):
    """Whether a layer has an alpha."""
    return isinstance(layer, GatedInteraction) and getattr(layer, "alpha", None) is not None


def gates_of(model):
    """The gates of a model that have an alpha, in the order of its layers."""
    return [layer for layer in layers_of(model) if is_gate(layer)]


def open_gates(model):
    """How many interactions are open, and how many there are."""
    alphas = [(gate.alpha * gate.open).numpy() for gate in gates_of(model)]
    return sum(int(np.count_nonzero(alpha)) for alpha in alphas), sum(len(alpha) for alpha in alphas)


def calibrate(steps, strength, alpha_init):
    """The constants of GRDA for a search of `steps` steps.

    Alpha is frozen in the first third of them; after the T others the threshold c T^mu is strength |alpha_init|.
    """
    warmup = int(_FROZEN * steps)
    return {
        "learning_rate": 1.0,
        "c": strength * abs(alpha_init) / (steps - warmup) ** _MU,
        "mu": _MU,
        "warmup_steps": warmup,
    }


def own_optimizer(training):
    """A new optimizer of those weights that are not alpha: that of the model's training config.

    For Adam it is LazyAdam, whose step on a table costs what the batch costs.
    """
    optimizer = read_optimizer(training)
    if isinstance(optimizer, Partitioned) and [group["name"] for group in optimizer.groups] == ["gates", "rest"]:
        optimizer = optimizer.groups[1]["optimizer"]
    if training["optimizer_config"]["class_name"] == "Adam":
        optimizer = LazyAdam.from_config({**optimizer.get_config(), "exact": False})
    return optimizer


def search_optimizer(model, training, steps, strength):
    """Alpha by GRDA, all other weights by the model's own optimizer."""
    gates = gates_of(model)
    alphas = [{"name": path_of(gate.alpha)} for gate in gates]
    return Partitioned(
        [
            {"name": "gates", "weights": alphas, "optimizer": GRDA(**calibrate(steps, strength, gates[0].alpha_init))},
            {"name": "rest", "optimizer": own_optimizer(training)},
        ]
    )


def begin_search(folder, steps, strength):
    """The model of a folder at the start of a search of `steps` steps."""
    model, training, _ = read_model(folder)
    compile_model(model, training, search_optimizer(model, training, steps, strength))
    return model


def begin_retrain(folder, searched, seed):
    """The model of a folder at the start of the retrain that follows the search of another folder.

    Weights are fresh but for alpha, which has the searched values, and those that no training changes. Gates that the
    search closed stay closed.
    """
    training = read_model(folder)[1]
    old, _, _ = read_model(searched)
    keras.utils.set_random_seed(seed)
    new = build_model(json.loads(old.tfjs_topology))
    new.tfjs_metadata = old.tfjs_metadata
    for before, layer in zip(layers_of(old), layers_of(new), strict=True):
        if is_gate(before):
            kept = tf.cast(tf.not_equal(before.alpha * before.open, 0), tf.float32)
            layer.alpha.assign(before.alpha * kept)
            layer.open.assign(kept)
        elif not before.trainable:
            layer.set_weights(before.get_weights())
        elif getattr(before, "dictionary", None) is not None:
            layer.dictionary.assign(before.dictionary)
    compile_model(new, training, own_optimizer(training))
    return new


def begin_training(folder):
    """The model of a folder, to be trained further as it was compiled."""
    model, training, state = read_model(folder)
    own = own_optimizer(training)
    as_saved = type(own).__name__.endswith(training["optimizer_config"]["class_name"])
    compile_model(model, training, own, state if as_saved else ())
    return model
