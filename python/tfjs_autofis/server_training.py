"""The coordinator of `train` with servers: tables in pieces on them, steps by workers that hold no table."""

import numpy as np
import tensorflow as tf
import tf_keras as keras

from .dropout import SeededDropout
from .files import LAYERS
from .joint_moments import JointBatchNormalization
from .model_checks import check_tables
from .pieces import Pieces, is_piece, table_partitioner, table_scope, whole_weights
from .server_step import ServerStep
from .training_worker import Worker


class TableEmbedding(keras.layers.Embedding):
    """Embedding of Keras, whose table servers divide."""

    def build(self, input_shape=None):
        with table_scope():
            super().build(input_shape)


SERVER_LAYERS = {
    **LAYERS,
    "BatchNormalization": JointBatchNormalization,
    # Its mask follows from the step, so that all passes of a step drop the same values.
    "Dropout": SeededDropout,
    "Embedding": TableEmbedding,
}


def run_coordinator(job, say=print):
    """Train with the workers and servers of TF_CONFIG, as its chief."""
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    cluster = resolver.cluster_spec()
    servers, workers = cluster.num_tasks("ps"), cluster.num_tasks("worker")
    strategy = tf.distribute.ParameterServerStrategy(resolver, table_partitioner(servers, job["piece_bytes"]))
    Coordinator(job, strategy, workers, say).train()


class Coordinator(Worker):
    """Does what a worker does, with the rows of all: it hands them out, and writes what the servers hold."""

    LOST = "a server is gone. Start the same command again: it continues from the last checkpoint."
    LAYERS = SERVER_LAYERS

    def __init__(self, job, strategy, workers, say):
        super().__init__(job, strategy, 0, 1, say)
        self._workers = workers
        self._coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
        self._meet = lambda: None
        self._said = False

    def _check(self, read, stage):
        super()._check(read, stage)
        check_tables(read[0])

    def _alone(self):
        return self._strategy.scope()

    def _step(self, model, alphas):
        if not self._said:
            self._said = True
            self._say_where(model)
        return ServerStep(self._coordinator, self._workers, model, alphas)

    def _say_where(self, model):
        for path, weight in whole_weights(model.weights):
            if isinstance(weight, Pieces) and is_piece(weight.parts[0]):
                servers = [tf.DeviceSpec.from_string(part.device).task for part in weight.parts]
                sizes = [f"{part.shape[0]} on server {server}" for part, server in zip(weight.parts, servers)]
                self._say(f"{path}: {weight.shape[0]} rows, {', '.join(sizes)}")

    def _predictions(self, model, rows):
        size = self._job["batch_size"]
        predict = tf.function(
            lambda ids: model(ids, training=False)[:, 0],
            input_signature=[tf.TensorSpec([None, rows.columns], tf.int32)],
            autograph=False,
        )
        parts = []
        batches = zip(range(rows.steps(size)), rows.batches(size))
        while some := [batch for _, (_, batch) in zip(range(2 * self._workers), batches)]:
            values = [self._coordinator.schedule(predict, args=(batch.ids,)) for batch in some]
            self._coordinator.join()
            parts += [np.stack([v.fetch(), b.labels, b.weights], 1) for v, b in zip(values, some)]
        return np.concatenate(parts)
