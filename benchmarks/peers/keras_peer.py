"""AutoDeepFM's search step in Keras 3 on TensorFlow: Gram matrix, Keras' Adam, `train_on_batch` of a compiled graph.

With `mixed` its dense layers have the policy mixed_bfloat16.
"""
import itertools
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import common
import keras
import numpy as np
import tensorflow as tf

options = common.OPTIONS
rows = common.Rows(options["rows"])
weights = common.Weights(options["weights"], options["d"])
m, d = rows.fields, options["d"]


class Gate(keras.layers.Layer):
    """sum_p alpha_p BN(<e_i, e_j>): [B, m, d] -> [B, 1]."""

    def build(self, shape):
        left, right = np.array(list(itertools.combinations(range(m), 2))).T
        self.flat = tf.constant(left * m + right, tf.int32)
        self.alpha = self.add_weight(name="alpha", shape=(len(left),), initializer=keras.initializers.Constant(0.6))
        self.norm = keras.layers.BatchNormalization(center=False, scale=False, epsilon=common.EPSILON, momentum=common.MOMENTUM)
        self.norm.build((None, len(left)))

    def call(self, e, training=None):
        gram = tf.reshape(tf.matmul(e, e, transpose_b=True), [-1, m * m])
        x = self.norm(tf.gather(gram, self.flat, axis=1), training=training)
        return tf.matmul(x, self.alpha[:, None])


class SearchModel(keras.Model):
    """Adam for all weights but alpha, gRDA for alpha."""

    def __init__(self, gate, **arguments):
        super().__init__(**arguments)
        self.gate = gate

    def prepare(self):
        self.dual = tf.Variable(weights.alpha, trainable=False)
        self.count = tf.Variable(0.0, trainable=False)
        self.rest = [v for v in self.trainable_variables if v is not self.gate.alpha]
        self.optimizer.build(self.rest)

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
        gradients = tape.gradient(loss, [v.value for v in self.rest] + [self.gate.alpha.value])
        self.optimizer.apply(gradients[:-1], self.rest)
        count = self.count.assign_add(1.0)
        dual = self.dual.assign_sub(gradients[-1])
        self.gate.alpha.assign(tf.sign(dual) * tf.nn.relu(tf.abs(dual) - common.C * count ** common.MU))
        return {"loss": loss}


def build():
    ids = keras.Input((m,), dtype="int32")
    embedding = keras.layers.Embedding(rows.vocabulary, d)
    e = embedding(ids)
    linear = keras.layers.Embedding(rows.vocabulary, 1, embeddings_initializer="zeros")(ids)
    gate = Gate()
    parts = [keras.layers.Flatten()(keras.ops.sum(linear, axis=1)), gate(e)]
    x = keras.layers.Flatten()(e)
    policy = "mixed_bfloat16" if options.get("mixed") else "float32"
    hidden = [keras.layers.Dense(k.shape[1], activation="relu", dtype=policy) for k in weights.kernels[:-1]]
    dense = [*hidden, keras.layers.Dense(1)]
    for layer in dense:
        x = layer(x)
    model = SearchModel(gate, inputs=ids, outputs=keras.layers.Add()([*parts, x]))
    embedding.set_weights([weights.table])
    gate.alpha.assign(weights.alpha)
    for layer, kernel in zip(dense, weights.kernels):
        layer.set_weights([kernel, np.zeros(kernel.shape[1], np.float32)])
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
    model.prepare()
    return model


model = build()
batches = [tf.constant(batch.astype(np.int32)) for batch in rows.ids], [tf.constant(batch) for batch in rows.labels]


def step(index):
    b = index % rows.batches
    return np.asarray(model.train_on_batch(batches[0][b], batches[1][b], return_dict=True)["loss"])


common.serve(step, {"keras": keras.__version__, "tensorflow": tf.__version__})
