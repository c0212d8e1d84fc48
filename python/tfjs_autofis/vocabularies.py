"""Ids of rows from the values that SQL has read."""

from typing import NamedTuple

import numpy as np

from .fitted import FIRST, MISSING, UNSEEN
from .rule_sql import LAST_CODE, list_ids
from .schema import has_vocabulary
from .tables import require
from .text_ids import TextIds

_BATCH_ROWS = 2**18


class CodedRows(NamedTuple):
    """The result of `Vocabularies.encode`."""

    ids: np.ndarray
    """int32 [rows, W]"""
    unseen: list
    """Of each field bool [rows]: whether a value has no id; None where every value has one."""
    others: dict
    """The other columns of the query, by name."""

    def counts(self, rules, rows=slice(None)):
        """The number of rows with a missing value in a field, and of rows with an unseen one."""
        counts, at = [], 0
        for rule, unseen in zip(rules, self.unseen):
            missing = int((self.ids[rows, at] == MISSING).sum())
            at += rule.get("width", 1)
            unseen = 0 if unseen is None else int(unseen[rows].sum())
            counts.append({"name": rule["name"], "missing": missing, "unseen": unseen})
        return counts


class Vocabularies:
    """The ids of a fitted schema's values.

    Of a batch each different text is looked up once. Casts to an enumeration would do it in DuckDB, but each query
    copies all enumerations that it names.
    """

    def __init__(self, connection, fitted):
        self._rules = fitted["schema"]["fields"]
        # Texts as Python has them take several times the room of what finds them.
        self._fields = [{key: each for key, each in field.items() if key != "values"} for field in fitted["fields"]]
        self._ids = [
            _ids_of(connection, field["values"]) if has_vocabulary(rule) else None
            for rule, field in zip(self._rules, fitted["fields"])
        ]

    def encode(self, connection, sql, values):
        """The ids of the rows of a relation `values`, of which `sql` is the RowSql."""
        found = connection.execute(sql.coded(self._fields, values)).to_arrow_table(_BATCH_ROWS)
        texts = [[] if ids is None else _different(found[f"c{i}"]) for i, ids in enumerate(self._ids)]
        hashes = iter(_hashes(connection, [chunk.dictionary for chunks in texts for chunk in chunks]))
        columns, unseen = [], []
        for i, (rule, ids) in enumerate(zip(self._rules, self._ids)):
            column = found[f"c{i}"]
            is_list = rule["type"] == "multiValued"
            unknown = LAST_CODE if is_list else UNSEEN
            codes = [_codes(chunk, ids.find(chunk.dictionary, next(hashes)), unknown) for chunk in texts[i]]
            if ids is None:
                own, absent = column.to_numpy(), None
            elif is_list:
                own, absent = _list_ids(connection, column, codes, rule["width"])
            else:
                own = np.concatenate([np.empty(0, np.int32), *codes])
                absent = own == UNSEEN
            columns.append(own.reshape(len(own), rule.get("width", 1)))
            unseen.append(absent)
        names = found.column_names[: found.num_columns - len(self._rules)]
        return CodedRows(np.concatenate(columns, axis=1), unseen, {name: found[name].to_numpy() for name in names})


def _ids_of(connection, values):
    # Texts of more than 2 GB have no other type.
    texts = require("pyarrow").array(values, "large_string")
    return TextIds(texts, *_hashes(connection, [texts]))


def _different(column):
    """The different texts of each chunk of an Arrow column of texts, or of lists of them, and where each stands."""
    is_list = require("pyarrow").types.is_list(column.type)
    return [(chunk.values if is_list else chunk).dictionary_encode() for chunk in column.chunks]


def _hashes(connection, arrays):
    """The hashes of some Arrow arrays of texts, by DuckDB, which are the same within one process."""
    pa = require("pyarrow")
    cursor = connection.cursor()
    cursor.register("texts", pa.table({"text": pa.chunked_array(arrays, arrays[0].type if arrays else "string")}))
    hashes = cursor.execute("SELECT hash(text) AS hash FROM texts").fetchnumpy()["hash"]
    return np.split(hashes, np.cumsum([len(each) for each in arrays])[:-1])


def _codes(different, places, absent):
    """The ids of texts, int32, from the places of the different ones in the vocabulary."""
    # Missing values come behind the last text.
    own = np.append(np.where(places < 0, absent, FIRST + places), MISSING).astype(np.int32)
    return own[different.indices.fill_null(len(places)).to_numpy()]


def _list_ids(connection, column, codes, width):
    """The ids [rows, width] of an Arrow column of lists of texts with these codes, and which rows have unknown ones."""
    pa = require("pyarrow")
    chunks = [pa.ListArray.from_arrays(chunk.offsets, own) for chunk, own in zip(column.chunks, codes)]
    cursor = connection.cursor()
    cursor.register("lists", pa.table({"codes": pa.chunked_array(chunks, pa.list_(pa.int32()))}))
    found = cursor.execute(f"SELECT {list_ids('codes', width)} FROM lists").to_arrow_table()
    flat = np.concatenate([np.empty(0, np.int32), *(chunk.flatten().to_numpy() for chunk in found["ids"].chunks)])
    return flat.reshape(-1, width), found["unseen"].to_numpy()
