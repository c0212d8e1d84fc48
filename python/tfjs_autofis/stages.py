"""The stages of a training: with which weights and which optimizer each begins."""

import numpy as np
import tf_keras as keras

from .files import LAYERS, build_model, compile_model, layers_of, read_optimizer, read_parts, set_weights
from .interactions import GatedInteraction
from .optimizers import GRDA, LazyAdam, Partitioned
from .pieces import path_of

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


def begin_search(read, steps, strength):
    """The model that `read_model` has read, at the start of a search of `steps` steps."""
    model, training, _ = read
    compile_model(model, training, search_optimizer(model, training, steps, strength))
    return model


def begin_retrain(folder, searched, seed, layers=LAYERS):
    """The model of a folder at the start of the retrain that follows the search of another folder.

    Weights are fresh but for alpha, which has the searched values, and those that no training changes. Gates that the
    search closed stay closed.
    """
    training = read_parts(folder)[3]
    topology, weights, metadata, _ = read_parts(searched)
    keras.utils.set_random_seed(seed)
    model = build_model(topology, layers=layers)
    model.tfjs_metadata = metadata
    for layer in layers_of(model):
        if is_gate(layer):
            alpha, opened = (weights[path_of(weight)] for weight in (layer.alpha, layer.open))
            kept = (alpha * opened != 0).astype(np.float32)
            layer.alpha.assign(alpha * kept)
            layer.open.assign(kept)
        elif not layer.trainable:
            set_weights(layer, weights)
        elif getattr(layer, "dictionary", None) is not None:
            layer.dictionary.assign(np.array(weights[path_of(layer.dictionary)]))
    compile_model(model, training, own_optimizer(training))
    return model


def begin_training(read):
    """The model that `read_model` has read, to be trained further as it was compiled."""
    model, training, state = read
    own = own_optimizer(training)
    as_saved = type(own).__name__.endswith(training["optimizer_config"]["class_name"])
    compile_model(model, training, own, state if as_saved else ())
    return model
