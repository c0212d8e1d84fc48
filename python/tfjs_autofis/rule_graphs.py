"""The rules of a fitted schema as a graph of TensorFlow: raw values in, the ids of `RowEncoder` out."""

import math

import tensorflow as tf

from .date_graph import DateGraph
from .fitted import FIRST, MISSING, UNSEEN
from .murmur3 import fmix32, mixed, scrambled
from .schema import RULES, has_vocabulary

_LAST = RULES["lastCode"]
"""Stands for unseen items while they are sorted: after all ids."""
_NONE = _LAST + 1
"""Stands for the absence of an item, after everything."""


def rule_graph(rule, field, where):
    """What gives the ids of a field, int64 [batch] or [batch, width], for its raw values [batch].

    Its `dtype` is that of the values: float64 of numbers, NaN where they are missing, and else string, "" for missing.
    """
    missing = ["", *rule.get("missing", [])]
    if rule["type"] == "categorical":
        return _Categorical(field["values"], missing)
    if rule["type"] == "numeric":
        return _Numeric(rule, field)
    if rule["type"] == "multiValued":
        return _MultiValued(rule, field["values"], missing)
    ids = DateGraph(rule, where) if rule["type"] == "dateTime" else _Hashed(rule)
    return _Present(ids, missing)


class _Categorical(tf.Module):
    dtype = tf.string

    def __init__(self, values, missing):
        super().__init__()
        ids = {value: FIRST + i for i, value in enumerate(values)}
        self.table = _table({**ids, **dict.fromkeys(missing, MISSING)}, tf.string, UNSEEN)

    def __call__(self, texts):
        return self.table.lookup(texts)


class _Numeric(tf.Module):
    dtype = tf.float64

    def __init__(self, rule, field):
        super().__init__()
        self.missing = [x for x in map(_number, rule.get("missing", [])) if x is not None]
        self.edges = field.get("edges")
        if has_vocabulary(rule):
            self.table = _table({int(code): FIRST + i for i, code in enumerate(field["values"])}, tf.int64, UNSEEN)

    def __call__(self, x):
        present = tf.math.is_finite(x)
        for number in self.missing:
            present &= x != number
        x = tf.where(present, x, tf.zeros_like(x))
        ids = self.table.lookup(_log_squared(x)) if self.edges is None else 1 + _count_reached(self.edges, x)
        return tf.where(present, ids, tf.constant(MISSING, tf.int64))


class _MultiValued(tf.Module):
    dtype = tf.string

    def __init__(self, rule, values, missing):
        super().__init__()
        codes = {value: FIRST + i for i, value in enumerate(values)}
        self.table = _table({**codes, **dict.fromkeys(missing, _NONE)}, tf.string, _LAST)
        self.width, self.missing = rule["width"], missing
        # A list of the training rows may have had items with the rule's separator.
        signs = [rule["separator"], *map(chr, range(31, 0, -1))]
        self.separator = next(sign for sign in signs if not any(sign in value for value in values))

    def __call__(self, texts):
        # A whole text may be a missing value that has the separator in it.
        texts = tf.where(_is_among(texts, self.missing), "", texts)
        items = tf.strings.split(texts, self.separator).to_tensor("")
        codes = tf.sort(self.table.lookup(items), axis=1)
        repeated = tf.concat([tf.zeros_like(codes[:, :1], tf.bool), codes[:, 1:] == codes[:, :-1]], 1)
        codes = tf.sort(tf.where(repeated, tf.constant(_NONE, tf.int64), codes), axis=1)
        codes = tf.pad(codes, [[0, 0], [0, self.width]], constant_values=_NONE)[:, : self.width]
        ids = tf.where(codes == _LAST, tf.constant(UNSEEN, tf.int64), codes)
        is_first = tf.range(self.width) == 0
        absent = tf.where(is_first, tf.constant(MISSING, tf.int64), tf.constant(-1, tf.int64))
        return tf.where(codes == _NONE, absent, ids)


class _Hashed(tf.Module):
    def __init__(self, rule):
        super().__init__()
        self.buckets, self.seed = rule["buckets"], rule.get("seed", 0)

    def __call__(self, texts):
        return 1 + tf.cast(_murmur3(texts, self.seed), tf.int64) % self.buckets


class _Present(tf.Module):
    """The ids of texts that are not missing."""

    dtype = tf.string

    def __init__(self, ids, missing):
        super().__init__()
        self.ids, self.missing = ids, missing

    def __call__(self, texts):
        return tf.where(_is_among(texts, self.missing), tf.constant(MISSING, tf.int64), self.ids(texts))


def _murmur3(texts, seed):
    """The hash (x86, 32 bits) of the bytes of each text: strings [batch] -> uint32 [batch]."""
    lengths = tf.strings.length(texts)
    count = (tf.reduce_max(tf.concat([lengths, [1]], 0)) + 3) // 4
    # Bytes past the end are 0, so that the last block of a text needs no case of its own.
    blocks = tf.bitcast(tf.io.decode_raw(texts, tf.int32, fixed_length=4 * count), tf.uint32)

    def step(i, state):
        changed = state ^ scrambled(blocks[:, i])
        rest = tf.where(i * 4 < lengths, changed, state)
        return i + 1, tf.where((i + 1) * 4 <= lengths, mixed(changed), rest)

    start = tf.fill(tf.shape(texts), tf.constant(seed, tf.uint32))
    _, state = tf.while_loop(lambda i, _: i < count, step, (0, start), (tf.TensorShape([]), start.shape))
    return fmix32(state ^ tf.cast(lengths, tf.uint32))


def _is_among(texts, values):
    return tf.reduce_any(texts[:, None] == tf.constant(values), 1)


def _table(ids, dtype, default):
    pairs = tf.lookup.KeyValueTensorInitializer(
        tf.constant(list(ids), dtype), tf.constant(list(ids.values()), tf.int64)
    )
    return tf.lookup.StaticHashTable(pairs, default)


def _number(text):
    """The finite number that a text means, by the macro autofis_number, or None."""
    try:
        x = math.nan if "_" in text else float(text)
    except ValueError:
        return None
    return x if math.isfinite(x) else None


def _log_squared(x):
    """floor(ln(x)^2) of numbers above 2, others without their fraction."""
    log = tf.math.log(tf.maximum(x, 1.0))
    small = tf.maximum(x, -9007199254740991.0)
    return tf.cast(tf.where(x > 2, tf.floor(log * log), small), tf.int64)


def _count_reached(edges, x):
    """How many edges are <= x."""
    if not edges:
        return tf.zeros_like(x, tf.int64)
    return tf.searchsorted(tf.constant(edges, tf.float64), x, "right", tf.int64)
