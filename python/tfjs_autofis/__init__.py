"""The layers and optimizers of tfjs-autofis for Keras 2 (tf_keras): the same names, weights and numbers.

    model = tfjs_autofis.load_model("model")      # what model.save("file://model") wrote in TensorFlow.js
    model.fit(...)                                # also under tf.distribute
    tfjs_autofis.save_model(model, "model")       # back to TensorFlow.js, the optimizer's state included
"""

from .attention_embedding import AttentionEmbedding
from .cross_linear import CrossLinear
from .dropout import SeededDropout
from .files import LAYERS, load_model, save_model
from .field_aware_embedding import FieldAwareEmbedding
from .fields import FieldEmbedding, FieldLinear
from .interactions import FixedBNInteraction, GatedInteraction
from .optimizers import GRDA, LazyAdam, Partitioned
from .pairs import AttentionalPooling, BiInteraction, OuterProduct, PairNetworks

custom_objects = {**LAYERS, **{cls.__name__: cls for cls in (GRDA, LazyAdam, Partitioned)}}
"""For tf_keras.utils.custom_object_scope, in which a saved Keras model loads."""

__all__ = [*custom_objects, "custom_objects", "load_model", "save_model"]
