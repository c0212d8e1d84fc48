"""Models of TensorFlow.js, model.json and weights.bin in a folder, read into Keras and written back."""

import importlib
import json
import re
from pathlib import Path

import numpy as np
import tf_keras as keras

from . import LAYER_MODULES
from .bundle import bundle_cure, check_listed
from .js_json import read_json
from .optimizers import OPTIMIZERS, LazyAdam
from .pieces import Pieces, whole_weights
from .saved_optimizer import SavedOptimizer
from .weight_files import read_weights, write_weights

LAYERS = {
    name: getattr(importlib.import_module(f".{module}", __package__), name)
    for module, names in LAYER_MODULES.items()
    for name in names
}
custom_objects = {**LAYERS, **OPTIMIZERS}
"""For tf_keras.utils.custom_object_scope, in which a saved Keras model loads."""


def load_model(folder, compile=True):
    """The model that `model.save('file://folder')` wrote in TensorFlow.js.

    With `compile` it is compiled as it was; a saved optimizer (`includeOptimizer`) gets its state back.
    Optimizers: Partitioned, GRDA, LazyAdam, and Adam, which becomes a LazyAdam with `exact`.

    Raises a ValueError if a bundle's files are not those that were saved.
    """
    model, training, state = read_model(folder)
    if compile and training is not None:
        compile_model(model, training, read_optimizer(training), state)
    return model


def read_model(folder, synchronized=False, layers=LAYERS):
    """(model, its training config or None, its optimizer's state as [(name, value)]); the model is not compiled.

    With `synchronized` BatchNormalization normalises over the rows of all replicas. `layers` has the classes by name.
    """
    folder = Path(folder)
    document = _document(folder)
    model = build_model(document["modelTopology"], synchronized, layers)
    weights, state = read_weights(folder, document["weightsManifest"])
    _set_weights(model, weights)
    model.tfjs_metadata = json.dumps(document.get("userDefinedMetadata"))
    return model, document.get("trainingConfig"), state


def read_parts(folder):
    """(topology, weights by name, metadata as text, training config or None) of a model."""
    document = _document(Path(folder))
    weights, _ = read_weights(Path(folder), document["weightsManifest"])
    metadata = json.dumps(document.get("userDefinedMetadata"))
    return document["modelTopology"], weights, metadata, document.get("trainingConfig")


def _document(folder):
    """The content of model.json."""
    path = folder / "model.json"
    wanted = "Give the folder that model.save('file://folder') wrote, or a bundle."
    if not path.is_file():
        raise ValueError(f"load_model: {folder} has no model.json. {bundle_cure(folder, 'model.json', wanted)}")
    check_listed(folder, ["model.json", "weights.bin"], "load_model")
    document = read_json(path, "load_model")
    found = document if isinstance(document, dict) else {}
    if found.get("format") == "graph-model" or "modelTopology" not in found:
        raise ValueError(f"load_model: {path} must be of a layers model. Received: {found.get('format')}. {wanted}")
    return document


def build_model(topology, synchronized=False, layers=LAYERS):
    """A model of a topology of TensorFlow.js, with fresh weights."""
    built = json.loads(json.dumps(topology))
    if synchronized:
        for entry in _layer_entries(built):
            if entry["class_name"] == "BatchNormalization":
                entry["config"]["synchronized"] = True
    with keras.utils.custom_object_scope(layers):
        for entry in _layer_entries(built):
            _check_layer(entry)
        model = keras.models.model_from_json(json.dumps(built))
    # Kept as text: Keras would wrap a dict.
    model.tfjs_topology = json.dumps(topology)
    return model


def compile_model(model, training, optimizer, state=()):
    """Compile a model as its training config says, with an optimizer and, where there is one, its state."""
    model.compile(optimizer=optimizer, loss=training["loss"], metrics=training.get("metrics") or None)
    if state:
        optimizer.build(model.trainable_variables)
        optimizer.restore([(_without_counter(name), value) for name, value in state])


def save_model(model, folder):
    """Write a model that `load_model` has read, for tf.loadLayersModel: its weights, and its optimizer's state if the
    optimizer is from this package. Under tf.distribute one worker may call it, or each with a folder of its own.
    """
    if not hasattr(model, "tfjs_topology"):
        raise ValueError("save_model: `model` must come from load_model, which keeps its TensorFlow.js topology.")
    entries = [
        (name, weight if isinstance(weight, Pieces) else _local(weight).numpy(), None)
        for name, weight in whole_weights(model.trainable_weights + model.non_trainable_weights)
    ]
    document = {
        "modelTopology": json.loads(model.tfjs_topology),
        "format": "layers-model",
        "generatedBy": "tfjs-autofis for Keras",
        "convertedBy": None,
    }
    metadata = json.loads(model.tfjs_metadata)
    if metadata is not None:
        document["userDefinedMetadata"] = metadata
    optimizer = getattr(model, "optimizer", None)
    if isinstance(optimizer, SavedOptimizer):
        document["trainingConfig"] = {
            "loss": model.loss,
            "metrics": {},
            "optimizer_config": {"class_name": type(optimizer).__name__, "config": optimizer.tfjs_config()},
        }
        optimizer.build(model.trainable_variables)
        entries += [
            (name, value if isinstance(value, Pieces) else np.asarray(value), "optimizer")
            for name, value in optimizer.state()
        ]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    specs = write_weights(folder / "weights.bin", entries)
    document["weightsManifest"] = [{"paths": ["weights.bin"], "weights": specs}]
    (folder / "model.json").write_text(json.dumps(document), "utf-8")


def _local(weight):
    """A weight's copy on this worker: to read one of BatchNormalization's statistics takes all workers."""
    copies = getattr(weight, "values", None)
    return copies[0] if copies else weight


def _layer_entries(entry):
    """A model's entry in its topology, and those of its layers."""
    yield entry
    config = entry["config"]
    for inner in config.get("layers", []) if isinstance(config, dict) else []:
        yield from _layer_entries(inner)


def _check_layer(entry):
    """Check that a layer has a class in tf_keras, this package or the user's scope."""
    name = entry["class_name"]
    if (
        name not in ("Model", "Functional", "Sequential")
        and not hasattr(keras.layers, name)
        and keras.utils.get_registered_object(name) is None
    ):
        raise ValueError(
            f"load_model: the layer {entry['config'].get('name')} ({name}) is neither one of tf_keras nor of "
            f"{', '.join(sorted(LAYERS))}. "
            "Call load_model in a tf_keras.utils.custom_object_scope that has its class."
        )


def _set_weights(model, weights):
    expected = [name for layer in layers_of(model) for name, _ in whole_weights(layer.weights)]
    if sorted(expected) != sorted(weights):
        missing, extra = sorted(set(expected) - set(weights)), sorted(set(weights) - set(expected))
        raise ValueError(
            f"load_model: the file's weights differ from those of its layers. Missing: {missing}; extra: {extra}."
        )
    for layer in layers_of(model):
        set_weights(layer, weights)


def set_weights(layer, weights):
    """Set the weights of a layer to those of its paths."""
    named = whole_weights(layer.weights)
    if any(isinstance(weight, Pieces) for _, weight in named):
        for name, weight in named:
            weight.assign(weights[name])
    else:
        # Copies: a variable may share the memory of an array, and the file may go.
        layer.set_weights([np.array(weights[name]) for name, _ in named])


def layers_of(model):
    """The layers of a model, those of nested models included."""
    return [
        inner for layer in model.layers for inner in (layers_of(layer) if isinstance(layer, keras.Model) else [layer])
    ]


def _without_counter(name):
    """'gates/gate/alpha_1/dual' -> 'gates/gate/alpha/dual': drop the number that TensorFlow.js adds to a taken name."""
    return re.sub(r"_\d+(/(?:dual|m|v))$", r"\1", name)


def _snake(value):
    """A config with the keys of Keras; strings do not change."""
    if isinstance(value, list):
        return [_snake(each) for each in value]
    if isinstance(value, dict):
        return {re.sub(r"([a-z])([A-Z])", r"\1_\2", key).lower(): _snake(each) for key, each in value.items()}
    return value


def read_optimizer(training):
    """A new optimizer of a training config, without state."""
    serialized = _snake(training["optimizer_config"])
    name, config = serialized["class_name"], serialized["config"]
    if name in OPTIMIZERS:
        return OPTIMIZERS[name](**config)
    if name == "Adam":
        return LazyAdam(exact=True, **config)
    raise ValueError(
        f"load_model: the optimizer {name} is not one of {', '.join(OPTIMIZERS)}, Adam. "
        "Use load_model(folder, compile=False)."
    )
