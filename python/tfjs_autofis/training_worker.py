"""A worker of `train`: the stages of a training, on its own rows of each joint batch."""

import gc
import json
import math
import os
import time
from contextlib import nullcontext

import numpy as np
import tensorflow as tf
import tf_keras as keras

from .files import LAYERS, compile_model, read_model, read_optimizer
from .model_checks import check_model
from .run_folder import RunFolder
from .shard_rows import WHERE, ShardRows
from .stages import begin_retrain, begin_search, begin_training, gates_of, open_gates
from .training_step import TrainingStep

STAGES = ("search", "retrain")
_SECONDS = 10
"""Between lines of progress."""
_LOST = (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError)
"""Errors of a step whose other workers do not answer."""


def run_worker(job, say=print):
    """Train as the worker that TF_CONFIG describes, or as the only one; `say` takes lines of progress."""
    config = json.loads(os.environ.get("TF_CONFIG") or "{}")
    count = len(config.get("cluster", {}).get("worker", [])) or 1
    index = config["task"]["index"] if config else 0
    # Before anything else of TensorFlow, which starts up with it.
    several = tf.distribute.MultiWorkerMirroredStrategy if count > 1 else tf.distribute.get_strategy
    Worker(job, several(), index, count, say).train()


class Worker:
    """One of the processes that train a model together.

    A stage begins with the checkpoint that the first worker wrote, so that a run that is started again continues.
    """

    LOST = (
        "another worker is gone. Start all workers again by the same command: they continue from the last checkpoint."
    )
    """What to do when others do not answer."""
    LAYERS = LAYERS
    """Classes of layers by name."""

    def __init__(self, job, strategy, index, count, say):
        if strategy.num_replicas_in_sync != count:
            raise ValueError(
                f"{WHERE}: a worker computes on one device. Received: {strategy.num_replicas_in_sync} devices for "
                f"{count} workers. Let each worker see one GPU: set CUDA_VISIBLE_DEVICES."
            )
        self._job, self._strategy, self._index, self._count = job, strategy, index, count
        self._first = index == 0
        self._say = say if self._first else lambda line: None
        self._run = RunFolder(job["folder"])
        self._rows = {
            part: ShardRows(job["shards"], part, index, count)
            for part in ("train", job["held_out"], job["test"])
            if part is not None
        }
        self._steps = self._rows["train"].steps(job["batch_size"])
        self._meet = tf.function(lambda: strategy.run(_one_of_all), autograph=False)

    def train(self):
        """Run all stages that are left, and write the model."""
        try:
            self._train_all()
        except _LOST:
            raise ConnectionError(f"{WHERE}: {self.LOST}") from None
        self._run.leave(self._index, self._count)

    def _train_all(self):
        stages = [stage for stage in STAGES if self._job["epochs"][stage] > 0]
        latest = self._run.latest()
        # Nobody writes before all have looked.
        self._meet()
        if latest is None:
            self._prepare(stages[0], [])
        else:
            self._say(f"continues after step {latest[1]['step']} of the {latest[1]['stage']}")
            stages = stages[stages.index(latest[1]["stage"]) :]
        for number, stage in enumerate(stages):
            model, progress = self._begin()
            self._train(stage, model, progress)
            if number + 1 < len(stages):
                self._end_search(model)
                # Its memory is needed for the next one; Keras' models refer to themselves.
                model = None
                gc.collect()
                self._prepare(stages[number + 1], progress["history"])
        self._finish(model, progress["history"])

    def _prepare(self, stage, history):
        """Write the checkpoint that a stage begins with, as the first worker."""
        job = self._job
        if not history:
            with self._alone():
                read = read_model(job["model"], layers=self.LAYERS)
            self._check(read, stage)
        if self._first:
            with self._alone():
                if stage == "search":
                    model = begin_search(read, self._steps * job["epochs"]["search"], job["strength"])
                elif history:
                    model = begin_retrain(job["model"], self._run.searched, job["seed"], self.LAYERS)
                else:
                    model = begin_training(read)
                progress = {"number": STAGES.index(stage), "stage": stage, "step": 0, "sum": 0.0, "history": history}
                self._run.save(model, progress)
        self._meet()

    def _check(self, read, stage):
        check_model(read, self._rows["train"].manifest, stage)

    def _alone(self):
        """Where the first worker makes a model without the others."""
        return nullcontext()

    def _begin(self):
        """The model of the latest checkpoint, and what it says of the training."""
        folder, progress = self._run.latest()
        gc.collect()
        with self._strategy.scope():
            model, training, state = read_model(folder, synchronized=True, layers=self.LAYERS)
            compile_model(model, training, read_optimizer(training), state)
        return model, progress

    def _train(self, stage, model, progress):
        job, rows = self._job, self._rows["train"]
        epochs, done = job["epochs"][stage], progress["step"]
        sources = [rows.batches(job["batch_size"], job["seed"], done)]
        learns_apart = stage == "search" and job["held_out"] is not None
        if learns_apart:
            sources.append(self._rows[job["held_out"]].batches(job["batch_size"], job["seed"], done))
        alphas = [gate.alpha for gate in gates_of(model)] if learns_apart else []
        step = self._step(model, alphas)
        said = fresh = None
        for at in range(done, epochs * self._steps):
            batches = [next(source) for source in sources]
            loss = step(*batches)
            if not math.isfinite(loss):
                raise ValueError(
                    f"{WHERE}: the loss of step {at + 1} of the {stage} is {loss}. A label or a weight is not a "
                    "number, or the training has diverged: correct the data, or use a smaller learning rate."
                )
            progress["step"], progress["sum"] = at + 1, progress["sum"] + loss * batches[0].rows
            if said is None:
                # The first step takes longer, since TensorFlow compiles it.
                said, fresh = time.monotonic(), 0
            fresh += batches[0].rows
            if (at + 1) % self._steps == 0:
                self._end_epoch(stage, model, progress, (at + 1) // self._steps, epochs)
            elif (seconds := time.monotonic() - said) > _SECONDS:
                self._say(
                    f"{stage}: step {at + 1} of {epochs * self._steps}, loss {loss:.4f}{_gates(model)}, "
                    f"{fresh / seconds:,.0f} rows/s"
                )
                said, fresh = time.monotonic(), 0
            if self._first and ((at + 1) % job["checkpoint_steps"] == 0 or at + 1 == epochs * self._steps):
                self._run.save(model, progress)

    def _step(self, model, alphas):
        return TrainingStep(self._strategy, model, alphas)

    def _end_epoch(self, stage, model, progress, epoch, epochs):
        loss = progress["sum"] / self._rows["train"].rows
        progress["history"].append({"stage": stage, "epoch": epoch, "loss": loss, "openGates": open_gates(model)[0]})
        progress["sum"] = 0.0
        self._say(f"{stage}: epoch {epoch} of {epochs}, loss {loss:.4f}{_gates(model)}")

    def _end_search(self, model):
        opened, all_gates = open_gates(model)
        if opened == 0:
            raise ValueError(
                f"{WHERE}: the search closed all {all_gates} gates, so there is nothing to retrain. "
                "Search again into another folder, with a smaller strength or more epochs."
            )
        if opened == all_gates:
            self._say(f"none of the {all_gates} gates closed: search again with a larger strength for fewer of them")
        if self._first:
            self._run.save_searched(model)

    def _finish(self, model, history):
        test = None if self._job["test"] is None else self._score(model, self._rows[self._job["test"]])
        if self._first:
            self._run.finish(model, {"history": history, "test": test})
        if test is not None:
            shown = "" if test["auc"] is None else f", AUC {test['auc']:.4f}"
            self._say(f"{self._job['test']}: {test['rows']} rows, loss {test['loss']:.4f}{shown}")
        self._meet()

    def _score(self, model, rows):
        """Loss and AUC of the rows of all workers."""
        predictions, labels, weights = self._predictions(model, rows).astype(np.float64).T
        losses = keras.losses.get(model.loss)(labels[:, None], predictions[:, None]).numpy()
        loss = float((losses * weights).sum() / weights.sum())
        return {"rows": len(labels), "loss": loss, "auc": auc(labels, predictions, weights)}

    def _predictions(self, model, rows):
        """Predictions, labels and weights of the rows of all workers, [N, 3]."""
        strategy, size = self._strategy, self._job["batch_size"]
        predict = tf.function(
            lambda ids: strategy.run(lambda own: model(own, training=False), [ids]),
            input_signature=[tf.TensorSpec([None, rows.columns], tf.int32)],
            autograph=False,
        )
        parts = []
        for _, batch in zip(range(rows.steps(size)), rows.batches(size)):
            parts.append(np.stack([predict(batch.ids).numpy()[:, 0], batch.labels, batch.weights], 1))
        own = tf.constant(np.concatenate(parts))
        gather = tf.function(lambda: strategy.run(_rows_of_all, [own]), autograph=False)
        return gather().numpy()


def _one_of_all():
    """A value that each replica waits for all others for."""
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, tf.ones([]))


def _rows_of_all(own):
    return tf.distribute.get_replica_context().all_gather(tf.identity(own), 0)


def _gates(model):
    opened, all_gates = open_gates(model)
    return f", {opened} of {all_gates} gates open" if all_gates else ""


def auc(labels, predictions, weights):
    """The probability that a positive row has a larger prediction than a negative one, ties counted half; rows have
    weights. None where all rows with a weight above 0 have one label, or labels are not 0 and 1.
    """
    labels, predictions, weights = (each[weights > 0] for each in (labels, predictions, weights))
    if set(np.unique(labels)) != {0, 1}:
        return None
    _, group = np.unique(predictions, return_inverse=True)
    positive = np.bincount(group, weights * labels)
    negative = np.bincount(group, weights * (1 - labels))
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))
