"""Ids of rows from the values that SQL has read."""

from typing import NamedTuple

import numpy as np

from .fitted import FIRST, MISSING, UNSEEN
from .rule_sql import LAST_CODE, list_ids
from .schema import has_vocabulary
from .tables import require

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

    Of a batch each different text is looked up once, in a dict. Casts to an enumeration would do it in DuckDB, but each
    query copies all enumerations that it names.
    """

    def __init__(self, fitted):
        self._rules = fitted["schema"]["fields"]
        self._fitted = fitted
        self._ids = [
            {text: FIRST + i for i, text in enumerate(field.get("values") or ())} for field in fitted["fields"]
        ]

    def encode(self, connection, sql, values):
        """The ids of the rows of a relation `values`, of which `sql` is the RowSql."""
        found = connection.execute(sql.coded(self._fitted, values)).fetch_arrow_table(_BATCH_ROWS)
        columns, unseen = [], []
        for i, (rule, ids) in enumerate(zip(self._rules, self._ids)):
            column = found[f"c{i}"]
            if rule["type"] == "multiValued":
                own, absent = _list_ids(connection, column, ids, rule["width"])
            elif has_vocabulary(rule):
                own = _codes(column, ids, UNSEEN)
                absent = own == UNSEEN
            else:
                own, absent = column.to_numpy(), None
            columns.append(own.reshape(len(own), rule.get("width", 1)))
            unseen.append(absent)
        names = found.column_names[: found.num_columns - len(self._rules)]
        return CodedRows(np.concatenate(columns, axis=1), unseen, {name: found[name].to_numpy() for name in names})


def _codes(column, ids, absent):
    """The ids of an Arrow column of texts, int32."""
    found = [np.empty(0, np.int32)]
    for chunk in column.chunks:
        encoded = chunk.dictionary_encode()
        own = [ids.get(text, absent) for text in encoded.dictionary.to_pylist()]
        # Missing values have the place behind the last text.
        places = encoded.indices.fill_null(len(own)).to_numpy()
        found.append(np.array([*own, MISSING], np.int32)[places])
    return np.concatenate(found)


def _list_ids(connection, column, ids, width):
    """The ids [rows, width] of an Arrow column of lists of texts, and which rows have an item without one."""
    pa = require("pyarrow")
    chunks = [
        pa.ListArray.from_arrays(chunk.offsets, _codes(pa.chunked_array([chunk.values]), ids, LAST_CODE))
        for chunk in column.chunks
    ]
    cursor = connection.cursor()
    cursor.register("lists", pa.table({"codes": pa.chunked_array(chunks, pa.list_(pa.int32()))}))
    found = cursor.execute(f"SELECT {list_ids('codes', width)} FROM lists").fetch_arrow_table()
    flat = np.concatenate([np.empty(0, np.int32), *(chunk.flatten().to_numpy() for chunk in found["ids"].chunks)])
    return flat.reshape(-1, width), found["unseen"].to_numpy()
