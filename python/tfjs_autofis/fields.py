"""The layers that read ids, one table for all fields."""

import tensorflow as tf
import tf_keras as keras

from .joint_step import joint_step
from .piece_draws import drawn_by_rows
from .pieces import rows_of, table_scope
from .plain_layer import PlainLayer, plain_call, small_start


class _FieldLayer(PlainLayer):
    """The place of each field's ids in the input [B, W] and of its rows in the table [V, d].

    A field is {"name", "size"}, for a multi-hot one also "width" and "combiner", "ignored" where it has no rows, and
    "ordered" where its ids from 1 on are in the order of a quantity.
    Ids count from 0 within each field; -1 pads a multi-hot one. An id out of range is an error on a CPU and gives
    zeros on a GPU, as in tf.gather.
    """

    def __init__(self, fields, **kwargs):
        # The ids' type; weights are float32.
        super().__init__(**{**kwargs, "dtype": "int32", "autocast": False})
        self.fields = [dict(field) for field in fields]
        self._places, self._offsets, self._widths, self._means = [], [], [], []
        # The fields that have rows, and of each of their columns its field among them.
        self._embedded = [field for field in self.fields if not field.get("ignored")]
        self._owners = [f for f, field in enumerate(self._embedded) for _ in range(field.get("width") or 1)]
        self.columns = self._rows = 0
        for field in self.fields:
            width = field.get("width")
            if not field.get("ignored"):
                self._places += range(self.columns, self.columns + (width or 1))
                self._offsets += [self._rows] * (width or 1)
                self._widths.append(width)
                self._means.append(field.get("combiner") != "sum")
                self._rows += field["size"]
            self.columns += width or 1

    def build(self, input_shape):
        if input_shape[-1] != self.columns:
            raise ValueError(
                f"{self.name}: the input must be ids of shape [batch, {self.columns}]. Received: {input_shape}."
            )
        super().build(input_shape)

    def _add_table(self, name, shape, initializer, regularizer=None):
        """Add a weight of rows, which may be in pieces on several servers."""
        with table_scope():
            return self.add_weight(name, shape, tf.float32, drawn_by_rows(initializer, shape), regularizer)

    def _lookup(self, ids, table):
        """[B, W] -> [B, m, d]."""
        ids = tf.gather(tf.cast(ids, tf.int32), self._places, axis=1)
        rows = rows_of(table, tf.maximum(ids, 0) + tf.constant(self._offsets, tf.int32))
        if all(width is None for width in self._widths):
            return rows
        present = tf.cast(ids >= 0, tf.float32)[:, :, None]
        runs = self._runs()
        columns = [count for count, _ in runs]
        parts = []
        for part, own, (_, combiner) in zip(tf.split(rows, columns, 1), tf.split(present, columns, 1), runs):
            if combiner is not None:
                part = tf.reduce_sum(part * own, 1, keepdims=True)
            if combiner == "mean":
                part /= tf.maximum(tf.reduce_sum(own, 1, keepdims=True), 1)
            parts.append(part)
        return tf.concat(parts, 1)

    def _runs(self):
        """[(columns, combiner)]: each multi-hot field, and the others between them, whose combiner is None."""
        runs = []
        for width, is_mean in zip(self._widths, self._means):
            if width is not None:
                runs.append((width, "mean" if is_mean else "sum"))
            elif runs and runs[-1][1] is None:
                runs[-1] = (runs[-1][0] + 1, None)
            else:
                runs.append((1, None))
        return runs


class FieldEmbedding(_FieldLayer):
    """One embedding per field: [B, W] -> [B, m, d]. Weight: `embeddings` [V, d]."""

    def __init__(
        self,
        fields,
        output_dim,
        batch_l2=0.0,
        embeddings_initializer=None,
        embeddings_regularizer=None,
        table_l2=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(fields, **kwargs)
        self.output_dim = output_dim
        self.batch_l2 = batch_l2
        self.embeddings_initializer = small_start(embeddings_initializer, seed)
        self.embeddings_regularizer = keras.regularizers.get(embeddings_regularizer)
        self.table_l2 = table_l2

    def build(self, input_shape):
        self.embeddings = self._add_table(
            "embeddings", (self._rows, self.output_dim), self.embeddings_initializer, self.embeddings_regularizer
        )
        if self.table_l2 > 0:
            self.add_loss(self._ridge)
        super().build(input_shape)

    def _rows_per_value(self):
        """Rows of the table that a value of each embedded field owns."""
        return [1] * len(self._widths)

    def _ridge(self):
        """table_l2 * sum |e|^2; behind the first bin of an ordered field max(1, bins / 8) |e_k - e_{k-1}|^2."""
        table, start, total = tf.convert_to_tensor(self.embeddings), 0, 0.0
        for field, stride in zip(self._embedded, self._rows_per_value()):
            end = start + field["size"] * stride
            tied = min(start + 2 * stride, end) if field.get("ordered") else end
            total += tf.reduce_sum(table[start:tied] ** 2)
            steps = tf.reduce_sum((table[tied:end] - table[tied - stride : end - stride]) ** 2)
            total += max(1.0, (field["size"] - 1) / 8) * steps
            start = end
        return self.table_l2 * total

    @plain_call
    def call(self, ids, training=None):
        embeddings = self._lookup(ids, self.embeddings)
        return _penalized(embeddings, self.batch_l2) if self.batch_l2 > 0 and training else embeddings


class FieldLinear(_FieldLayer):
    """One weight per feature and a bias: [B, W] -> [B, 1]. Weights: `kernel` [V, 1], `bias` [1]."""

    def __init__(self, fields, use_bias=True, **kwargs):
        super().__init__(fields, **kwargs)
        self.use_bias = use_bias

    def build(self, input_shape):
        self.kernel = self._add_table("kernel", (self._rows, 1), "zeros")
        self.bias = self.add_weight("bias", (1,), tf.float32, "zeros") if self.use_bias else None
        super().build(input_shape)

    @plain_call
    def call(self, ids):
        total = tf.reduce_sum(self._lookup(ids, self.kernel), 1)
        return total if self.bias is None else total + self.bias


def _penalized(embeddings, weight, batch=None):
    """The embeddings, with the gradient of the mean of weight * |E|^2 over the batch added to their own.

    `batch` is its number of rows where that is not the first dimension.
    """

    @tf.custom_gradient
    def identity(x):
        rows = tf.cast(_rows_of_loss(tf.shape(x)[0] if batch is None else batch), x.dtype)
        return tf.identity(x), lambda upstream: upstream + x * (2 * weight / rows)

    return identity(embeddings)


def _rows_of_loss(rows):
    """The rows by which the loss of a replica with `rows` rows is divided."""
    step = joint_step()
    if step is not None:
        return step.rows
    # Keras divides a replica's loss by its rows and by the number of replicas.
    context = tf.distribute.get_replica_context()
    return rows * (context.num_replicas_in_sync if context else 1)
