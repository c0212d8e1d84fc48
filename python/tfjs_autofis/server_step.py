"""One step of a training whose tables are on servers."""

import numpy as np
import tensorflow as tf
import tf_keras as keras

from .joint_gradients import JointGradients


class ServerStep:
    """Steps of a compiled model on joint batches; a call gives their loss. It does what TrainingStep does.

    Workers compute gradients on their shares of the batch, with the rows of tables that these read. The coordinator
    adds the gradients up; the servers then apply the sum, each to the weights that it has.
    """

    def __init__(self, coordinator, workers, model, alphas=()):
        self._coordinator, self._model, self._optimizer = coordinator, model, model.optimizer
        self._variables, self._alphas = list(model.trainable_variables), list(alphas)
        with coordinator.strategy.scope():
            self._optimizer.build(self._variables)
        loss = keras.losses.get(model.loss)
        wanted = [self._variables, self._alphas] if alphas else [self._variables]
        self._joint = [JointGradients(model, loss, workers, weights) for weights in wanted]
        self._steps = int(self._optimizer.iterations.numpy())
        self._apply = None

    def __call__(self, *batches):
        """Train on a joint batch, and on a held-out one where there are `alphas`."""
        draws = [2 * self._steps, 2 * self._steps + 1]
        (loss, gradients, moments), *held_out = self._results(
            [joint.passes(*each) for joint, *each in zip(self._joint, batches, draws)]
        )
        for _, of_alphas, _ in held_out:
            own = {id(alpha): gradient for alpha, gradient in zip(self._alphas, of_alphas)}
            gradients = [own.get(id(weight), gradient) for weight, gradient in zip(self._variables, gradients)]
        given = [_joined(gradient) for gradient in gradients]
        moments = [[each.astype(np.float32) for each in pair] for pair in moments]
        if self._apply is None:
            self._apply = self._traced(given, moments)
        self._apply(given, moments)
        self._steps += 1
        return loss

    def _results(self, runs):
        """What runs of passes return; the tasks of all are done at the same time."""
        results, ended = [None] * len(runs), [None] * len(runs)
        while None in ended:
            tasks = [None] * len(runs)
            for i, run in enumerate(runs):
                try:
                    tasks[i] = run.send(results[i])
                except StopIteration as end:
                    ended[i] = end.value
            waiting = [
                each and [self._coordinator.schedule(function, args) for function, args in each] for each in tasks
            ]
            self._coordinator.join()
            results = [each and [value.fetch() for value in each] for each in waiting]
        return ended

    def _traced(self, given, moments):
        gradients = [
            # The number of rows changes from step to step.
            [tf.TensorSpec(each.shape if len(pair) == 1 else [None, *each.shape[1:]], each.dtype) for each in pair]
            for pair in given
        ]
        means = [[tf.TensorSpec(each.shape, each.dtype) for each in pair] for pair in moments]
        return tf.function(self._apply_all, input_signature=[gradients, means], autograph=False)

    def _apply_all(self, given, moments):
        for variable, gradient in zip(self._variables, given):
            if len(gradient) == 2:
                values, rows = gradient
                rows, places = tf.unique(rows)
                values = tf.math.unsorted_segment_sum(values, places, tf.size(rows))
                gradient = [tf.IndexedSlices(values, rows, tf.constant(variable.shape.as_list(), rows.dtype))]
            # Where the weight is: a dense rule makes values for all rows of a piece.
            with tf.device(variable.device):
                for each in gradient:
                    self._optimizer.update_step(each, variable)
        for layer, pair in zip(self._joint[0].layers, moments):
            layer.remember(*pair)
        self._optimizer.iterations.assign_add(1)


def _joined(parts):
    """The sum of the workers' gradients of a weight: [], [dense], or rows of a table, still apart: [values, rows]."""
    if len(parts[0]) == 2:
        return [np.concatenate(each) for each in zip(*parts)]
    return [np.sum(np.stack(each), 0, np.float64).astype(np.float32) for each in zip(*parts)]
