"""What `train` needs of a model and of its shards."""

import tf_keras as keras

from .files import layers_of, read_optimizer
from .piece_draws import can_draw_by_rows
from .schema import check
from .shard_rows import WHERE
from .stages import gates_of

_NOISES = ("AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D")
_SAVE = "Compile it in TensorFlow.js and save it: model.save(url, {includeOptimizer: true})."


def check_model(read, manifest, stage):
    """Check that the model that `read_model` has read can be trained on these shards; raise a ValueError otherwise."""
    model, training, _ = read
    loss = None if training is None else training["loss"]
    check(isinstance(loss, str), WHERE, "model", "be compiled, with a loss by name", loss, _SAVE)
    is_plain = len(model.inputs) == 1 and len(model.outputs) == 1 and model.output_shape == (None, 1)
    shape = str(model.output_shape)
    check(is_plain, WHERE, "model", "have one input of ids and one output [batch, 1]", shape)
    columns, shape = manifest["columns"], str(model.input_shape)
    cure = "Build it with the fields of these shards."
    check(shape == f"(None, {columns})", WHERE, "model", f"take the {columns} columns of the shards", shape, cure)
    expected = [(field["name"], field["size"]) for field in manifest["fields"]]
    for layer in model.layers:
        fields = [(field["name"], field["size"]) for field in getattr(layer, "fields", None) or [] if "size" in field]
        for own, other in zip(fields, expected):
            if own != other:
                raise ValueError(
                    f"{WHERE}: layer {layer.name} has the field {own[0]} of size {own[1]} where the shards have "
                    f"{other[0]} of size {other[1]}. Build the model with the fields of these shards."
                )
    read_optimizer(training)
    if stage == "search" and not gates_of(model):
        raise ValueError(f"{WHERE}: the model has no gates to search. Train it as it is: --search-epochs 0.")


def check_tables(model):
    """Check that a model can be trained with its tables in pieces; raise a ValueError otherwise."""
    layers = layers_of(model)
    for layer in layers:
        weights = {name: weight for name, weight in vars(layer).items() if len(getattr(weight, "variables", [])) > 1}
        if not weights:
            continue
        if getattr(layer, "embeddings_regularizer", None) is not None or getattr(layer, "table_l2", 0) > 0:
            raise ValueError(
                f"{WHERE}: layer {layer.name} has a penalty on its whole table, which is in pieces on several servers. "
                "Use batchL2, or train without --servers."
            )
        if getattr(layer, "dictionary", None) is not None:
            raise ValueError(
                f"{WHERE}: layer {layer.name} looks its combinations up in one dictionary, but its table is in pieces "
                "on several servers. Use hashSize, or a larger --piece-bytes."
            )
        initializer = getattr(layer, "embeddings_initializer", None)
        if initializer is not None and not can_draw_by_rows(initializer):
            raise ValueError(
                f"{WHERE}: layer {layer.name} has the initializer {type(initializer).__name__}, which draws a whole "
                "table at once. Use randomUniform, or train without --servers."
            )
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization) and not hasattr(layer, "remember"):
            raise ValueError(
                f"{WHERE}: layer {layer.name} ({type(layer).__name__}) does not normalise over the rows of all workers "
                "with servers. Save the model by TensorFlow.js, or train without --servers."
            )
    normalizes = any(hasattr(layer, "remember") for layer in layers)
    noisy = [
        layer
        for layer in layers
        if type(layer).__name__ in _NOISES or getattr(layer, "noise_shape", None) is not None
    ]
    if normalizes and noisy:
        raise ValueError(
            f"{WHERE}: layer {noisy[0].name} ({type(noisy[0]).__name__}) draws other values in each pass of a step, "
            "which the batch normalization of the model does not allow with servers. Use SeededDropout, or train "
            "without --servers."
        )
