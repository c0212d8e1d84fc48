"""Places of texts, also where hashes are equal."""

import numpy as np
import pyarrow as pa
import pytest

from tfjs_autofis.text_ids import TextIds

TEXTS = ["b", "", "Zürich", "a", "a long text that no short one holds"]


def same_hash(texts):
    return np.zeros(len(texts), np.uint64)


def by_length(texts):
    return np.array([len(text) for text in texts.to_pylist()], np.uint64)


def falling(texts):
    return np.array([2**64 - 1 - sum(text.encode()) for text in texts.to_pylist()], np.uint64)


@pytest.mark.parametrize("hash_of", [same_hash, by_length, falling])
def test_finds_each_text_whatever_its_hash(hash_of):
    texts, asked, none = pa.array(TEXTS), pa.array([*TEXTS, "c", "Z", "ü"]), pa.array([], pa.string())
    ids = TextIds(texts, hash_of(texts))
    assert ids.find(asked, hash_of(asked)).tolist() == [0, 1, 2, 3, 4, -1, -1, -1]
    found = ids.find(none, hash_of(none))
    assert found.tolist() == [] and found.dtype == np.int32


def test_finds_nothing_in_no_texts():
    none, asked = pa.array([], pa.string()), pa.array(["a", ""])
    assert TextIds(none, by_length(none)).find(asked, by_length(asked)).tolist() == [-1, -1]
