"""Embeddings of numbers, beside those of ids."""

import tensorflow as tf

from .plain_layer import PlainLayer, plain_call, small_start


class NumericEmbedding(PlainLayer):
    """Each number times a vector of its own, x_i v_i: [B, k] -> [B, k, d]. Weight: `embeddings` [k, d]."""

    def __init__(self, fields, output_dim, embeddings_initializer=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.fields = [dict(field) for field in fields]
        self.output_dim = output_dim
        self.embeddings_initializer = small_start(embeddings_initializer, seed)

    def build(self, input_shape):
        if input_shape[-1] != len(self.fields):
            raise ValueError(
                f"{self.name}: the input must be numbers of shape [batch, {len(self.fields)}]. Received: {input_shape}."
            )
        shape = (len(self.fields), self.output_dim)
        self.embeddings = self.add_weight("embeddings", shape, tf.float32, self.embeddings_initializer)
        super().build(input_shape)

    @plain_call
    def call(self, numbers):
        return numbers[:, :, None] * self.embeddings
