"""Rows in any common form as an Arrow table that DuckDB reads."""

import datetime
import decimal
import math
import numbers
from collections.abc import Mapping

from .js_json import js_number
from .schema import RULES, invalid


def require(name):
    """Import a package of the extra `data`, or say how to install it."""
    try:
        return __import__(name)
    except ImportError:
        raise ImportError(
            f'tfjs_autofis: the package {name} is not installed. Install it: pip install "tfjs-autofis[data]"'
        ) from None


def connect(threads=None):
    """A DuckDB in memory that knows the rules' macros."""
    duckdb = require("duckdb")
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, **({"threads": threads} if threads else {})}
    )
    connection.execute(";".join(RULES["macros"]))
    return connection


def create_vocabularies(connection, fitted):
    """Make enumerations of the fields' values, whose casts are the look-ups; return their names, None for no values."""
    names = []
    for i, field in enumerate(fitted["fields"]):
        names.append(f"codes_{i}" if field.get("values") else None)
        if names[-1]:
            connection.execute("CREATE TABLE words AS SELECT unnest(?::VARCHAR[]) AS word", [field["values"]])
            connection.execute(f"CREATE TYPE {names[-1]} AS ENUM (SELECT word FROM words); DROP TABLE words")
    return names


def types_of(connection, relation):
    """{column: type of DuckDB}"""
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return {name: kind for name, kind, *_ in described}


def as_table(rows, columns, separators, where):
    """Columns of rows as an Arrow table.

    `rows` is a pandas or polars DataFrame, an Arrow table, a relation of DuckDB, a dict of columns, or a list of dicts,
    in which an absent column is a missing value. `separators` are those of the columns whose values may be lists.
    """
    pa = require("pyarrow")
    if isinstance(rows, (list, tuple)):
        bad = next((i for i, row in enumerate(rows) if not isinstance(row, dict)), None)
        if bad is not None:
            raise invalid(where, f"rows[{bad}]", "be a dict of values by column", rows[bad])
        rows = {column: [row.get(column) for row in rows] for column in columns}
    if hasattr(rows, "to_arrow_table"):
        rows = rows.to_arrow_table()
    elif hasattr(rows, "to_arrow"):
        rows = rows.to_arrow()
    names = _names_of(pa, rows, where)
    absent = [column for column in columns if column not in names]
    if absent:
        found = ", ".join(f'"{name}"' for name in names[:60])
        raise ValueError(
            f"{where}: the rows have no column {', '.join(map(repr, absent))}. They have {found}. "
            "Correct the names, or add the columns with None where a value is missing."
        )
    arrays = {}
    for column in columns:
        values = rows[column]
        arrays[column] = (
            values if isinstance(values, (pa.Array, pa.ChunkedArray)) else _array(pa, values, column, separators, where)
        )
    return pa.table(arrays)


def _names_of(pa, rows, where):
    """The names of the columns of a table."""
    if isinstance(rows, (pa.Table, pa.RecordBatch)):
        return rows.schema.names
    if isinstance(rows, Mapping):
        return list(rows)
    if hasattr(rows, "columns"):
        return list(rows.columns)
    kinds = "be a DataFrame, an Arrow table, a relation of DuckDB, a dict of columns or a list of dicts"
    raise invalid(where, "rows", kinds, type(rows).__name__)


def _array(pa, values, column, separators, where):
    kind = getattr(getattr(values, "dtype", None), "kind", "O")
    if kind != "O":
        return pa.array(values, from_pandas=True)
    texts = []
    for row, value in enumerate(values):
        if isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
            if column not in separators:
                raise ValueError(
                    f"{where}: row {row}, column {column!r}: {value!r} is a list, and the field takes one value. "
                    "Give one value, or make the field multiValued."
                )
            value = separators[column].join(text for text in map(text_of, value) if text is not None)
        try:
            texts.append(text_of(value))
        except TypeError:
            raise ValueError(
                f"{where}: row {row}, column {column!r}: {value!r} is neither text, number, boolean, date nor a "
                "list of these. Give one of them."
            ) from None
    return pa.array(texts, pa.string())


def text_of(value):
    """A value as JavaScript writes it; None where it is missing."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime.date, datetime.datetime)):
        return None if value != value else value.isoformat()
    if isinstance(value, decimal.Decimal):
        return None if value.is_nan() else str(value)
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, float):
        return None if math.isnan(value) else js_number(value)
    if type(value).__name__ == "NAType":
        return None
    raise TypeError(value)
