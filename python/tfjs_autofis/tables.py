"""Rows in any common form as an Arrow table that DuckDB reads."""

import datetime
import decimal
import math
import numbers
from collections.abc import Iterable, Mapping, Sized

import numpy as np

from .js_json import js_number
from .schema import RULES, invalid


def require(name, extra="data"):
    """Import a package of an extra, or say how to install it."""
    try:
        return __import__(name)
    except ImportError:
        raise ImportError(
            f'tfjs_autofis: the package {name} is not installed. Install it: pip install "tfjs-autofis[{extra}]"'
        ) from None


def connect(threads=None):
    """A DuckDB in memory that knows the rules' macros."""
    duckdb = require("duckdb")
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, **({"threads": threads} if threads else {})}
    )
    # An instant is written as text in UTC: in the zone of the machine, other machines would have other ids.
    connection.execute(";".join(["SET GLOBAL TimeZone = 'UTC'", *RULES["macros"]]))
    return connection


def types_of(connection, relation):
    """{column: type of DuckDB}"""
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return {name: kind for name, kind, *_ in described}


def as_table(rows, columns, separators, where):
    """Columns of rows as an Arrow table.

    `rows` is a pandas or polars DataFrame, an Arrow table, a relation of DuckDB, a dict of columns, or a list of dicts,
    in which an absent column is a missing value; a dict of other columns alone is an error. `separators` are those of
    the columns whose values may be lists.
    """
    pa = require("pyarrow")
    check_case(columns, where)
    if isinstance(rows, (list, tuple)):
        bad = next((i for i, row in enumerate(rows) if not isinstance(row, dict)), None)
        if bad is not None:
            raise invalid(where, f"rows[{bad}]", "be a dict of values by column", rows[bad])
        strange = next((i for i, row in enumerate(rows) if row and row.keys().isdisjoint(columns)), None)
        if strange is not None:
            rule = f"have at least one of the columns {', '.join(map(repr, columns))}"
            raise invalid(where, f"rows[{strange}]", rule, list(rows[strange]), "Correct the names.")
        rows = {column: [row.get(column) for row in rows] for column in columns}
    if hasattr(rows, "to_arrow_table"):
        rows = rows.to_arrow_table()
    elif hasattr(rows, "to_arrow"):
        rows = rows.to_arrow()
    names = _names_of(pa, rows, where)
    repeated = [column for column in columns if names.count(column) > 1]
    if repeated:
        raise ValueError(f"{where}: the rows have several columns {repeated[0]!r}. Rename or remove the others.")
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
    lengths = {column: len(values) for column, values in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise invalid(where, "rows", "have columns of the same length", lengths)
    return readable(pa.table(arrays))


def check_case(columns, where):
    """Check that DuckDB tells columns apart, for which the case of the letters A to Z says nothing."""
    names = {}
    for column in columns:
        # Bytes have no case but that of these letters.
        other = names.setdefault(column.encode("utf-8", "replace").lower(), column)
        if other != column:
            raise ValueError(f"{where}: the columns {other!r} and {column!r} differ only in case. Rename one.")


def readable(table):
    """The table with the types that DuckDB knows, which 16-bit floats are not among."""
    pa = require("pyarrow")
    for at, field in enumerate(table.schema):
        if pa.types.is_float16(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(pa.float32()))
    return table


def _names_of(pa, rows, where):
    """The names of the columns of a table."""
    if isinstance(rows, (pa.Table, pa.RecordBatch)):
        return rows.schema.names
    if isinstance(rows, Mapping):
        return list(rows)
    # A frame of Polars that is not collected yet has columns, but no rows.
    if hasattr(rows, "columns") and isinstance(rows, Sized):
        return list(rows.columns)
    kinds = "be a DataFrame, an Arrow table, a relation of DuckDB, a dict of columns or a list of dicts"
    raise invalid(where, "rows", kinds, type(rows).__name__)


def _array(pa, values, column, separators, where):
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        cure = "A single row is a list of one dict."
        raise invalid(where, f"rows[{column!r}]", "be a list of values, one for each row", values, cure)
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, np.dtype) and not dtype.isnative:
        # Arrow reads bytes in the order of this machine alone.
        values = values.astype(dtype.newbyteorder("="))
    try:
        if getattr(dtype, "kind", "O") != "O":
            return pa.array(values, from_pandas=True)
        texts = [_text_of_row(value, row, column, separators, where) for row, value in enumerate(values)]
        if not any(isinstance(text, list) for text in texts):
            return pa.array(texts, pa.string())
        lists = [text.split(separators[column]) if isinstance(text, str) else text for text in texts]
        return pa.array(lists, pa.list_(pa.string()))
    except (pa.ArrowException, UnicodeError) as error:
        raise ValueError(f"{where}: column {column!r} cannot be read: {error}. Give texts or numbers.") from None


def _text_of_row(value, row, column, separators, where):
    """The text of a value, or the texts of the items of a list."""
    is_list = isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray"
    if is_list and all(item is None for item in value):
        return None
    if is_list and column not in separators:
        raise ValueError(
            f"{where}: row {row}, column {column!r}: {value!r} is a list, and the field takes one value. "
            "Give one value, or make the field multiValued."
        )
    try:
        if is_list:
            return [text for text in map(text_of, value) if text is not None]
        return text_of(value)
    except TypeError:
        raise ValueError(
            f"{where}: row {row}, column {column!r}: {value!r} is neither text, number, boolean, date nor a "
            "list of these. Give one of them."
        ) from None


def text_of(value):
    """A value as JavaScript writes it; None where it is missing."""
    if type(value).__name__ == "datetime64":
        # Of nanoseconds the item is a number.
        value = value.astype("datetime64[us]")
    if hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime.date, datetime.datetime)):
        return None if value != value else _time_text(value)
    if isinstance(value, decimal.Decimal):
        return None if value.is_nan() else _decimal_text(value)
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, float):
        return None if math.isnan(value) else js_number(value)
    if type(value).__name__ == "NAType":
        return None
    raise TypeError(value)


def _decimal_text(value):
    """The text of a decimal: an integer with all digits, else that of the nearest double."""
    return f"{value.to_integral_value():f}" if value == value.to_integral_value() else js_number(float(value))


def _time_text(value):
    """A date or time as DuckDB writes it, an instant in UTC: objects and typed columns have the same text."""
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    zone = ""
    if value.utcoffset() is not None:
        value, zone = value.astimezone(datetime.timezone.utc).replace(tzinfo=None), "+00"
    text = value.isoformat(" ")
    return (text.rstrip("0") if "." in text else text) + zone
