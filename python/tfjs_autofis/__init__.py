"""The layers and optimizers of tfjs-autofis for Keras 2 (tf_keras): the same names, weights and numbers.

model = tfjs_autofis.load_model("model")      # what model.save("file://model") wrote in TensorFlow.js
model.fit(...)                                # also under tf.distribute
tfjs_autofis.save_model(model, "model")       # back to TensorFlow.js, the optimizer's state included
ids = tfjs_autofis.RowEncoder("bundle").encode(frame).ids     # raw rows to ids; needs the extra `data`
"""

import importlib

LAYER_MODULES = {
    "attention_embedding": ["AttentionEmbedding"],
    "cross_linear": ["CrossLinear"],
    "dropout": ["SeededDropout"],
    "field_aware_embedding": ["FieldAwareEmbedding"],
    "field_networks": ["BilinearFusion", "CompressedInteraction", "FeatureGate", "FieldAttention"],
    "fields": ["FieldEmbedding", "FieldLinear"],
    "interactions": ["FixedBNInteraction", "GatedInteraction"],
    "numeric_embedding": ["NumericEmbedding"],
    "pairs": ["AttentionalPooling", "BiInteraction", "OuterProduct", "PairNetworks"],
}
_MODULES = {
    **LAYER_MODULES,
    "files": ["custom_objects", "load_model", "save_model"],
    "optimizers": ["GRDA", "LazyAdam", "Partitioned"],
    "preparation": ["prepare"],
    "row_encoder": ["EncodedRows", "RowEncoder"],
    "saved_model": ["write_saved_model"],
    "training": ["train"],
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name):
    """Import a name when it is first used: layers need TensorFlow, which takes seconds, and raw rows need DuckDB."""
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)


def __dir__():
    return __all__
