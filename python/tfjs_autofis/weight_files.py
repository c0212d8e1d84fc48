"""Files of weights in the format of TensorFlow.js: values in the order of model.json, one after another."""

import os

import numpy as np

from .pieces import Pieces

DTYPES = {"float32": np.dtype("<f4"), "int32": np.dtype("<i4")}


def read_weights(folder, manifest):
    """{name: value} of the model, and [(name, value)] of the optimizer; values stay on the disk until they are used."""
    weights, state = {}, []
    for group in manifest:
        data, at = _bytes_of([folder / path for path in group["paths"]]), 0
        needed = sum(map(_size, group["weights"]))
        if needed != len(data):
            raise ValueError(
                f"load_model: the weight files {group['paths']} of {folder} must have {needed} bytes. "
                f"Received: {len(data)}. Copy the whole folder again."
            )
        for spec in group["weights"]:
            count = int(np.prod(spec["shape"], dtype=np.int64))
            value = np.frombuffer(data, DTYPES[spec["dtype"]], count, at).reshape(spec["shape"])
            at += _size(spec)
            if spec.get("group") == "optimizer":
                state.append((spec["name"], value))
            else:
                weights[spec["name"]] = value
    return weights, state


def _size(spec):
    """Bytes of a weight; a ValueError for a type that this package does not read."""
    if spec["dtype"] not in DTYPES or "quantization" in spec:
        raise ValueError(
            f"load_model: weight {spec['name']} must be plain float32 or int32. Received: {spec['dtype']}."
        )
    return int(np.prod(spec["shape"], dtype=np.int64)) * DTYPES[spec["dtype"]].itemsize


def write_weights(path, entries):
    """Write [(name, value, group or None)], a block at a time; return the specs of model.json."""
    specs = []
    with open(path, "wb") as file:
        for name, value, group in entries:
            dtype = "int32" if value.dtype.kind == "i" else "float32"
            for block in value.blocks() if isinstance(value, Pieces) else [value]:
                file.write(np.ascontiguousarray(block, DTYPES[dtype]).tobytes())
            shape = [int(size) for size in value.shape]
            specs.append({"name": name, "shape": shape, "dtype": dtype, **({"group": group} if group else {})})
    return specs


def _bytes_of(paths):
    """The content of files; a file that is alone is mapped into memory."""
    try:
        if len(paths) == 1 and os.path.getsize(paths[0]) > 0:
            return np.memmap(paths[0], np.uint8, "r")
        return b"".join(path.read_bytes() for path in paths)
    except OSError as error:
        raise ValueError(
            f"load_model: {error.filename} cannot be read: {error.strerror}. Copy the whole folder again."
        ) from None
