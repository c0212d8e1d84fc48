"""One of two workers: trains on its half of each batch, prints the losses and stays until its input ends.

Arguments: folder, index.
"""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

# Before anything else of TensorFlow, which starts up with it.
strategy = tf.distribute.MultiWorkerMirroredStrategy()

import tfjs_autofis  # noqa: E402

folder, index = Path(sys.argv[1]), sys.argv[2]
steps = json.loads((folder / "steps.json").read_text())
ids, labels = np.array(steps["ids"], "int32"), np.array(steps["labels"], "float32")


def own_half(context):
    half = ids.shape[1] // context.num_input_pipelines
    own = slice(context.input_pipeline_id * half, (context.input_pipeline_id + 1) * half)
    return tf.data.Dataset.from_tensor_slices((ids[:, own], labels[:, own]))


with strategy.scope():
    model = tfjs_autofis.load_model(folder / "search")
# What rows need is not loaded for layers.
assert not {"duckdb", "ray"} & set(sys.modules)
data = strategy.distribute_datasets_from_function(own_half)
# An epoch is a step, so that each step's loss is reported.
history = model.fit(data, epochs=len(ids), steps_per_epoch=1, verbose=0)
tfjs_autofis.save_model(model, folder / f"from_worker_{index}")
print(json.dumps(history.history["loss"]), flush=True)
sys.stdin.read()
