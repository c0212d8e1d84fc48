"""Raw rows to the ids that a model reads."""

from typing import NamedTuple

import numpy as np

from .fitted import read_fitted
from .rule_sql import RowSql, needed_columns
from .tables import as_table, connect, types_of
from .vocabularies import Vocabularies


class EncodedRows(NamedTuple):
    """The result of `RowEncoder.encode`."""

    ids: np.ndarray
    """int32 [rows, W], local to each field: what the model reads."""
    issues: list
    """Values that break their rule, {row, column, field, value, problem}; their ids are those of missing values."""
    counts: list
    """{name, missing, unseen} of each field: how many rows."""


class RowEncoder:
    """Encode raw rows as the ids of `prepare` and `RowEncoder` in the TypeScript package.

        encoder = RowEncoder("bundles/clicks")                # or a folder of shards, a schema.json, its content
        probabilities = model.predict(encoder.encode(frame).ids)

    `rows` are a pandas or polars DataFrame, an Arrow table, a relation of DuckDB, a dict of columns or a list of dicts.
    None, NaN and empty text are missing. Numbers count as the text that JavaScript writes for them, 5 as "5". Times
    with a zone count as written in UTC, as `prepare` reads them from Parquet. DuckDB computes the rules; it
    comes with the extra `data`: pip install "tfjs-autofis[data]".
    """

    def __init__(self, schema):
        self.fitted = read_fitted(schema, "RowEncoder")
        """The fitted schema, as in schema.json."""
        self.rules = self.fitted["schema"]["fields"]
        self.columns = sum(rule.get("width", 1) for rule in self.rules)
        """W, the ids of a row."""
        self._separators = {rule["column"]: rule["separator"] for rule in self.rules if rule["type"] == "multiValued"}
        self._connection = connect()
        self._vocabularies = Vocabularies(self._connection, self.fitted)

    def encode(self, rows):
        """Encode rows; raise a ValueError if a column is absent."""
        schema = {"fields": self.rules}
        cursor = self._cursor(rows, schema, "RowEncoder.encode")
        sql = RowSql(schema, types_of(cursor, "rows"))
        found = self._vocabularies.encode(cursor, sql, sql.values("rows"))
        return EncodedRows(found.ids, self._issues(cursor, sql, found.others), found.counts(self.rules))

    def labels(self, rows):
        """Read the labels of rows, float32 [rows]; raise a ValueError that names the first invalid one."""
        rule = self.fitted["schema"].get("label")
        if rule is None:
            raise ValueError("RowEncoder.labels: the schema has no `label`. Fit one with {label: {column}}.")
        schema = {"fields": [], "label": rule}
        cursor = self._cursor(rows, schema, "RowEncoder.labels")
        sql = RowSql(schema, types_of(cursor, "rows"))
        sql.add_label(rule)
        found = cursor.execute(f"SELECT * FROM {sql.values('rows')}").fetchnumpy()
        for issue in self._issues(cursor, sql, found)[:1]:
            raise ValueError(
                f"RowEncoder.labels: row {issue['row']}, column {issue['column']!r}: {issue['value']!r} "
                f"{issue['problem']}. Correct the row or leave it out."
            )
        return found["label"].astype(np.float32)

    def _cursor(self, rows, schema, where):
        cursor = self._connection.cursor()
        cursor.register("rows", as_table(rows, needed_columns(schema), self._separators, where))
        return cursor

    def _issues(self, cursor, sql, found):
        issues = []
        for i, check in enumerate(sql.checks):
            places = np.flatnonzero(found[f"bad{i}"])
            if len(places) > 0:
                texts = cursor.execute(f"SELECT {check.text} FROM rows").fetchall()
                issues += [
                    {
                        "row": int(row),
                        "column": check.column,
                        "field": check.field,
                        "value": texts[row][0],
                        "problem": check.reason,
                    }
                    for row in places
                ]
        return sorted(issues, key=lambda issue: issue["row"])
