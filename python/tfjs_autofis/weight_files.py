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
        for spec in group["weights"]:
            if spec["dtype"] not in DTYPES or "quantization" in spec:
                raise ValueError(
                    f"load_model: weight {spec['name']} must be plain float32 or int32. Received: {spec['dtype']}."
                )
            dtype = DTYPES[spec["dtype"]]
            count = int(np.prod(spec["shape"], dtype=np.int64))
            value = np.frombuffer(data, dtype, count, at).reshape(spec["shape"])
            at += count * dtype.itemsize
            if spec.get("group") == "optimizer":
                state.append((spec["name"], value))
            else:
                weights[spec["name"]] = value
        if at != len(data):
            raise ValueError(
                f"load_model: the weight files {group['paths']} must have {at} bytes. Received: {len(data)}."
            )
    return weights, state


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
