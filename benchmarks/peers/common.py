"""The input and the talk with the command, shared by the Python peers."""
import json
import os
import sys
import time

import numpy as np

OPTIONS = json.loads(sys.argv[1])
# gRDA with gamma = 1: alpha = soft(v, C * t ** MU), v = alpha_0 - sum of gradients.
C, MU = 5e-4, 0.8
EPSILON, MOMENTUM = 1e-3, 0.99


def _read(folder, name, dtype):
    return np.fromfile(os.path.join(folder, name), dtype=dtype)


class Rows:
    """Batches of ids in one table of V rows, and labels."""

    def __init__(self, folder):
        with open(os.path.join(folder, "rows.json")) as file:
            shape = json.load(file)
        self.batch_size, self.batches, self.sizes = shape["batchSize"], shape["batches"], shape["sizes"]
        self.fields, self.vocabulary = len(self.sizes), sum(self.sizes)
        offsets = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        ids = _read(folder, "ids.bin", np.int32).reshape(self.batches, self.batch_size, self.fields)
        self.ids = (ids + offsets).astype(np.int64)
        self.labels = _read(folder, "labels.bin", np.float32).reshape(self.batches, self.batch_size, 1)


class Weights:
    """The start that all contestants share."""

    def __init__(self, folder, dimension):
        with open(os.path.join(folder, "weights.json")) as file:
            shapes = json.load(file)["kernels"]
        self.table = _read(folder, "table.bin", np.float32).reshape(-1, dimension)
        self.alpha = _read(folder, "alpha.bin", np.float32)
        self.kernels = [_read(folder, f"kernel{i}.bin", np.float32).reshape(s) for i, s in enumerate(shapes)]


def scattered(count, centre, half):
    """`count` numbers in centre +- half, by the golden ratio: those of `scattered` in benchmarks/data.ts."""
    places = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1)
    return (centre + half * (places / 2 ** 31 - 1)).astype(np.float32)


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def serve(step, about):
    """Runs `step(index) -> loss` as often as the command asks, and measures each call."""
    say({"ready": about})
    index = 0
    for line in sys.stdin:
        milliseconds, losses = [], []
        for _ in range(json.loads(line)["run"]):
            started = time.perf_counter()
            losses.append(float(step(index)))
            milliseconds.append((time.perf_counter() - started) * 1e3)
            index += 1
        say({"ms": milliseconds, "losses": losses})
