"""A schema in SQL: calls of the macros in rules.json, which define the rules."""

import re

from .fitted import MISSING
from .schema import RULES, date_pattern, has_vocabulary

_NUMBERS = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL[^\[]*)$")
_OBJECT = re.compile(r"(STRUCT|MAP|UNION)\(.*\)$")
LAST_CODE = RULES["lastCode"]
"""The code of a list item without an id: after all others, wherever lists are sorted."""


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def identifier(name):
    return '"' + name.replace('"', '""') + '"'


def literals(texts):
    return f"[{', '.join(map(literal, texts))}]::VARCHAR[]"


def present_sql(text, missing):
    """A text, NULL where it is one of the missing values."""
    return f"autofis_present({text}, {literals(missing)})" if missing else text


def needed_columns(schema, split=None):
    """All columns that a schema and a split read, each once."""
    columns = [schema[role]["column"] for role in ("label", "weight") if role in schema]
    columns += [rule["column"] for rule in schema["fields"]]
    if split is not None and "column" in split:
        columns.append(split["column"])
    return list(dict.fromkeys(columns))


class Check:
    """A boolean column that is true where a value cannot be used."""

    def __init__(self, column, text, reason, field=None):
        self.column, self.text, self.reason, self.field = column, text, reason, field


class RowSql:
    """The query of a schema over a relation with columns of these types, {name: type of DuckDB}.

    The first query has the columns that were added, bad0, bad1, ... of the checks, and the value of each field, v0, v1,
    ..., NULL where it is missing; the second one has ids.
    """

    def __init__(self, schema, types):
        self.rules = schema["fields"]
        self.types = types
        self.checks = []
        self.staged = {}
        self._bad = []

    def text(self, column):
        """A column as text, NULL where it is empty; the text of a list or an object is its JSON."""
        name, type = identifier(column), self.types[column]
        if _is_deep(type):
            return f"to_json({name})::VARCHAR"
        if _is_list(type):
            items = self._items(column)
            return f"CASE WHEN len({items}) > 0 THEN to_json({items})::VARCHAR END"
        return f"nullif({_text(name, type)}, '')"

    def _items(self, column):
        """The items of a column of lists as texts, those that are not null."""
        item_type = _item_type(self.types[column])
        texts = f"list_transform({identifier(column)}::{item_type}[], lambda item: {_text('item', item_type)})"
        return f"list_filter({texts}, lambda item: item IS NOT NULL)"

    def number(self, column, missing, optional, field=None, extra="", reason="is not a number"):
        """A column as a number, NULL where it has none; add its check."""
        text = self.text(column)
        present = present_sql(text, missing)
        plain = _NUMBERS.match(self.types[column]) and not missing
        name = f"{identifier(column)}::DOUBLE"
        x = f"CASE WHEN NOT isnan({name}) THEN {name} END" if plain else f"autofis_number({present})"
        bad = [
            f"NOT isfinite({x})",
            *([] if optional else [f"{x} IS NULL"]),
            *([] if plain else [f"({x} IS NULL AND {present} IS NOT NULL)"]),
        ]
        self.check(" OR ".join([*bad, *([f"{x} {extra}"] if extra else [])]), column, text, reason, field)
        return f"autofis_finite({x})"

    def check(self, bad, *about):
        self._bad.append(f"coalesce({bad}, false)")
        self.checks.append(Check(*about))

    def add_label(self, rule):
        text = self.text(rule["column"])
        if "comparison" in rule:
            x = f"(autofis_finite(autofis_number({text})) {rule['comparison']} '{rule['threshold']}'::DOUBLE)::INTEGER"
            words = "numbers"
        elif "positive" in rule:
            x = f"autofis_label_of({text}, {literals(rule['positive'])}, {literals(rule['negative'])})"
            words = " and ".join([*rule["negative"], *rule["positive"]])
        else:
            x, words = f"autofis_label({text})", "0 and 1"
        self.check(f"{x} IS NULL OR {x} NOT IN (0, 1)", rule["column"], text, f"is not a label: labels are {words}")
        self.staged["label"] = f"coalesce({x} = 1, false)::UTINYINT"

    def add_weight(self, rule):
        x = self.number(
            rule["column"], [], False, extra="< 0", reason="is not a weight: weights are 32-bit numbers >= 0"
        )
        self._bad[-1] = f"({self._bad[-1]} OR TRY_CAST({x} AS FLOAT) IS NULL)"
        self.staged["weight"] = f"coalesce(TRY_CAST({x} AS FLOAT), 0::FLOAT)"

    def values(self, relation):
        """A relation of the added columns, the checks bad0, bad1, ..., and the values of the fields."""
        values = [f"{self._value(rule)} AS v{i}" for i, rule in enumerate(self.rules)]
        staged = [f"{sql} AS {name}" for name, sql in self.staged.items()]
        bad = [f"{sql} AS bad{i}" for i, sql in enumerate(self._bad)]
        return f"(SELECT {', '.join([*staged, *bad, *values])} FROM {relation})"

    def _value(self, rule):
        missing = rule.get("missing", [])
        if rule["type"] == "numeric":
            x = self.number(rule["column"], missing, True, rule["name"])
            return f"autofis_log_squared({x})" if has_vocabulary(rule) else x
        text, type = self.text(rule["column"]), self.types[rule["column"]]
        if rule["type"] == "multiValued" and _is_deep(type):
            self.check(f"{text} IS NOT NULL", rule["column"], text, "is not a list of values", rule["name"])
            return "[]::VARCHAR[]"
        if rule["type"] == "multiValued" and _is_list(type):
            return f"autofis_list_items({self._items(rule['column'])}, {literals(missing)})"
        if rule["type"] in ("categorical", "hashed") and (_is_list(type) or _is_deep(type)):
            reason = "is a list or an object, but the field takes one value"
            self.check(f"{text} IS NOT NULL", rule["column"], text, reason, rule["name"])
        value = present_sql(text, missing)
        if rule["type"] == "multiValued":
            return f"autofis_items({value}, {literal(rule['separator'])}, {literals(missing)})"
        if rule["type"] == "dateTime":
            moment = moment_sql(value, rule.get("format"), rule["name"])
            self.check(
                f"{value} IS NOT NULL AND {moment} IS NULL",
                rule["column"],
                text,
                not_a_date(rule.get("format")),
                rule["name"],
            )
            return moment
        return f"autofis_murmur3({value}, {rule.get('seed', 0)})" if rule["type"] == "hashed" else value

    def coded(self, fields, values):
        """SQL of the rows of `values`: the added columns, the checks, and c0, c1, ... of the fitted fields.

        Of a field with a vocabulary it is the text that has an id there, NULL where it is missing, of list items all
        texts; else the id.
        """
        kept = [*self.staged, *(f"bad{i}" for i in range(len(self.checks)))]
        both = enumerate(zip(self.rules, fields))
        coded = [f"{_coded(rule, field, f'v{i}')} AS c{i}" for i, (rule, field) in both]
        return f"SELECT {', '.join([*kept, *coded])} FROM {values}"


def _text(value, type):
    """A value that is neither list nor object as text: that of a number is JavaScript's."""
    if type in ("FLOAT", "DOUBLE"):
        return f"autofis_float_text({value}::DOUBLE)"
    if type.startswith("DECIMAL"):
        return f"autofis_decimal_text(regexp_replace({value}::VARCHAR, '[.]0+$', ''))"
    return f"{value}::VARCHAR"


def _is_list(type):
    # Of any length, or of a fixed one, such as BIGINT[2].
    return type.endswith("]")


def _item_type(type):
    return re.sub(r"\[\d*\]$", "", type)


def _is_deep(type):
    """Whether values are objects, or lists of lists or objects."""
    item_type = _item_type(type) if _is_list(type) else type
    return _is_list(type) and _is_list(item_type) or _OBJECT.match(item_type) is not None


def list_ids(codes, width):
    """SQL of the ids of a list of items, and whether one of the items has none, from their codes."""
    return f"autofis_list_ids({codes}, {width}) AS ids, list_contains({codes}, {LAST_CODE}) AS unseen"


def _coded(rule, field, value):
    if rule["type"] == "multiValued":
        return f"coalesce({value}, [])"
    if has_vocabulary(rule):
        return value
    return f"CASE WHEN {value} IS NULL THEN {MISSING} ELSE {_id(rule, field, value)} END::INTEGER"


def _id(rule, field, value):
    """The id of a value that is not missing, where it follows from the value alone."""
    if rule["type"] == "numeric":
        return f"1 + {_bucket(value, field['edges'], 0, len(field['edges']))}"
    if rule["type"] == "hashed":
        return f"1 + {value} % {rule['buckets']}"
    return f"autofis_date_part({value}, {literal(rule['part'])})"


def _bucket(x, edges, low, high):
    """The number of edges <= x as a tree of comparisons."""
    if low == high:
        return str(low)
    middle = (low + high) // 2
    # Written as text and cast: a literal such as 0.1 would be a decimal.
    return (
        f"CASE WHEN {x} >= '{edges[middle]!r}'::DOUBLE THEN {_bucket(x, edges, middle + 1, high)} "
        f"ELSE {_bucket(x, edges, low, middle)} END"
    )


def moment_sql(text, format, where):
    """The time of a text that is a date of a format (None: ISO 8601); NULL for other texts."""
    pattern, units = date_pattern(format, where)

    def group(unit):
        return f"regexp_extract({text}, {literal(pattern)}, {units.index(unit) + 1})"

    def number(unit, default):
        return f"coalesce(TRY_CAST({group(unit)} AS BIGINT), {default})" if unit in units else str(default)

    def later(*pair):
        """The later one of two units of a format."""
        return max(pair, key=lambda unit: units.index(unit) if unit in units else -1)

    year = number("Y", 2000)
    if later("Y", "y") == "y" and "y" in units:
        year = f"({number('y', 0)} + CASE WHEN {number('y', 0)} > 68 THEN 1900 ELSE 2000 END)"
    month = f"autofis_month({group('b')})" if "b" in units and later("m", "b") == "b" else number("m", 1)
    hour = number(later("H", "I"), 0)
    is_twelve = f" AND {hour} BETWEEN 1 AND 12" if "I" in units else ""
    if "p" in units:
        hour = f"autofis_half_day({hour}, {group('p')})"
    moment = f"autofis_moment({year}, {month}, {number('d', 1)}, {hour}, {number('M', 0)}, {number('S', 0)})"
    if "s" in units or "Q" in units:
        instant = later("s", "Q")
        moment = f"epoch_ms({number(instant, 0)} * {1000 if instant == 's' else 1})"
    return f"CASE WHEN regexp_matches({text}, {literal(pattern)}){is_twelve} THEN {moment} END"


def not_a_date(format):
    return f"is not a date of the form {'ISO 8601' if format is None else identifier(format)}"
