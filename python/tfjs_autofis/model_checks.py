"""What `train` needs of a model and of its shards."""


from .files import read_model, read_optimizer
from .schema import invalid
from .shard_rows import WHERE
from .stages import gates_of

_SAVE = "Compile it in TensorFlow.js and save it: model.save(url, {includeOptimizer: true})."


def check_model(folder, manifest, stage):
    """Check that the model of a folder can be trained on these shards; raise a ValueError otherwise."""
    model, training, _ = read_model(folder)
    if training is None or not isinstance(training["loss"], str):
        loss = None if training is None else training["loss"]
        raise invalid(WHERE, "model", "be compiled, with a loss by name", loss, _SAVE)
    if len(model.inputs) != 1 or len(model.outputs) != 1 or model.output_shape != (None, 1):
        raise invalid(WHERE, "model", "have one input of ids and one output [batch, 1]", str(model.output_shape))
    if model.input_shape != (None, manifest["columns"]):
        raise invalid(
            WHERE,
            "model",
            f"take the {manifest['columns']} columns of the shards",
            str(model.input_shape),
            "Build it with the fields of these shards.",
        )
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
