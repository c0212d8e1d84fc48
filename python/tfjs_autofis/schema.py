"""Schemas: how the columns of a table become fields. Errors name the path of the wrong value."""

import json
import math
import re
from pathlib import Path

RULES = json.loads(Path(__file__).with_name("rules.json").read_text("utf-8"))
"""The rules as the TypeScript package writes them: macros of DuckDB, and the forms of dates."""

_VOCABULARY = {"minCount", "maxSize"}
_COMMON = {"type", "name", "column", "missing"}
_KEYS = {
    "categorical": _VOCABULARY,
    "multiValued": _VOCABULARY | {"separator", "width", "combiner"},
    "dateTime": {"format", "part"},
    "hashed": {"buckets", "seed"},
}
_BUCKETINGS = {"spikes": {"buckets"}, "quantiles": {"buckets"}, "logSquared": _VOCABULARY, "edges": {"edges"}}
DATES = RULES["dates"]


def invalid(where, argument, rule, received, cure=""):
    """The error for an argument that breaks its rule."""
    shown = json.dumps(received, ensure_ascii=False, default=repr)
    return ValueError(f"{where}: `{argument}` must {rule}. Received: {shown[:200]}.{f' {cure}' if cure else ''}")


def check(holds, *about):
    """Raise the error of an argument unless it keeps its rule; `about` are the arguments of `invalid`."""
    if not holds:
        raise invalid(*about)


def has_vocabulary(rule):
    return rule["type"] in ("categorical", "multiValued") or rule.get("bucketing") == "logSquared"


def check_schema(schema, where="schema"):
    """Check a schema and return it; raise a ValueError that names the path of a wrong value."""
    check_object(where, "schema", schema, {"version", "label", "weight", "fields"})
    version = schema.get("version")
    check(version == 1, where, "version", "be 1, the only version that this package knows", version)
    if "label" in schema:
        _check_label(where, schema["label"])
    if "weight" in schema:
        check_object(where, "weight", schema["weight"], {"column"})
        check_text(where, "weight.column", schema["weight"].get("column"))
    fields = schema.get("fields")
    check(isinstance(fields, list) and fields, where, "fields", "be a list of rules, one for each field", fields)
    for i, rule in enumerate(fields):
        _check_rule(where, f"fields[{i}]", rule)
        if any(rule["name"] == other["name"] for other in fields[:i]):
            raise ValueError(f"{where}: two fields are called {json.dumps(rule['name'])}. Rename one.")
    return schema


def _check_label(where, label):
    check_object(where, "label", label, {"column", "positive", "negative", "comparison", "threshold"})
    check_text(where, "label.column", label.get("column"))
    if "comparison" in label or "threshold" in label:
        check_object(where, "label", label, {"column", "comparison", "threshold"})
        choice(where, "label.comparison", label.get("comparison"), (">=", ">", "<=", "<"))
        threshold = label.get("threshold")
        check(finite(threshold), where, "label.threshold", "be a finite number", threshold)
    elif len(label) > 1:
        for key in ("positive", "negative"):
            values = label.get(key)
            valid = isinstance(values, list) and values and all(isinstance(each, str) and each for each in values)
            check(valid, where, f"label.{key}", "be a non-empty list of non-empty values", values)
        both = set(label["positive"]) & set(label["negative"])
        check(not both, where, "label.negative", "not hold a value of `label.positive`", min(both, default=None))


def _check_rule(where, at, rule):
    check(isinstance(rule, dict), where, at, "be a rule such as {type: categorical, name, column}", rule)
    choice(where, f"{at}.type", rule.get("type"), (*_KEYS, "numeric"))
    for key in ("name", "column"):
        check_text(where, f"{at}.{key}", rule.get(key))
    missing = rule.get("missing", [])
    are_texts = isinstance(missing, list) and all(isinstance(each, str) for each in missing)
    check(are_texts, where, f"{at}.missing", "be a list of strings", missing)
    if rule["type"] == "numeric":
        bucketing = rule.get("bucketing", "spikes")
        choice(where, f"{at}.bucketing", bucketing, tuple(_BUCKETINGS))
        own = _BUCKETINGS[bucketing] | {"bucketing"}
    else:
        own = _KEYS[rule["type"]]
    check_object(where, at, rule, _COMMON | own)
    _check_own(where, at, rule)


def _check_own(where, at, rule):
    """Check the keys that only this type has."""

    def integer(key, least, most, required=False):
        value = rule.get(key)
        if required or key in rule:
            valid = type(value) is int and least <= value <= most
            check(valid, where, f"{at}.{key}", f"be an integer from {least} to {most}", value)

    kind = rule["type"]
    integer("minCount", 1, 2**53)
    integer("maxSize", 3, 2**53)
    if kind == "numeric":
        integer("buckets", 2, 65536, rule.get("bucketing") == "quantiles")
        if rule.get("bucketing") == "edges":
            check_edges(where, f"{at}.edges", rule.get("edges"))
    elif kind == "multiValued":
        check_text(where, f"{at}.separator", rule.get("separator"))
        integer("width", 1, 65536, True)
        choice(where, f"{at}.combiner", rule.get("combiner", "mean"), ("mean", "sum"))
    elif kind == "dateTime":
        choice(where, f"{at}.part", rule.get("part"), tuple(DATES["sizes"]))
        if "format" in rule:
            check_text(where, f"{at}.format", rule["format"])
            date_pattern(rule["format"], f"{where}: `{at}.format`", rule["part"])
    elif kind == "hashed":
        integer("buckets", 1, 2**31 - 2, True)
        integer("seed", 0, 2**32 - 1)


def date_pattern(format, where, part=None):
    """A format of dates as a regular expression, and the units of its groups; None is ISO 8601.

    A space stands for one or several.

    Raises a ValueError where the format has unknown units, or lacks those that `part` needs.
    """
    if format is None:
        return DATES["iso"]["pattern"], DATES["iso"]["units"]
    known, units = DATES["units"], []

    def pattern_of(match):
        piece, short, unit = match[0], match[1], match[2]
        if piece == " ":
            return " +"
        if unit is None or piece == "%%":
            return re.sub(r"[\\^$.*+?()\[\]{}|]", r"\\\g<0>", unit or piece)
        if unit not in known or unit in units or (short and unit not in DATES["short"]):
            problem = "repeated" if unit in units else "not a unit"
            raise ValueError(
                f"{where}: {piece!r} is {problem}. Units are {' '.join(f'%{each}' for each in known)} and %%, "
                f"with %- for {' '.join(DATES['short'])}. Received: {format!r}."
            )
        units.append(unit)
        return r"(\d{1,2})" if short else known[unit]

    pattern = re.sub(r"%(-?)(.?)|[^%]", pattern_of, format, flags=re.DOTALL)
    implied = {"Y": "y", "m": "b"}
    for need in DATES["needs"][part] if part else ():
        is_given = need in units or "s" in units or "Q" in units or implied.get(need) in units
        if not is_given and not (need == "H" and "I" in units and "p" in units):
            raise ValueError(f"{where}: the part {part!r} needs %{need}, which the format lacks. Received: {format!r}.")
    return f"^{pattern}$", [unit for unit in units if re.match(r"\((?!\?)", known[unit])]


def check_edges(where, at, edges):
    rising = (
        isinstance(edges, list) and edges and all(map(finite, edges)) and all(a < b for a, b in zip(edges, edges[1:]))
    )
    check(rising, where, at, "be a list of rising finite numbers", edges)


def finite(x):
    return isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)


def check_object(where, at, value, keys):
    known = ", ".join(sorted(keys))
    check(isinstance(value, dict), where, at, f"be an object with keys of {known}", value)
    for key in value:
        if key not in keys:
            raise ValueError(f"{where}: `{at}` has the unknown key {json.dumps(key)}. Keys are {known}.")


def check_text(where, at, value):
    check(isinstance(value, str) and value, where, at, "be a non-empty string", value)


def check_integers(where, least, **values):
    for name, value in values.items():
        valid = isinstance(value, int) and not isinstance(value, bool) and value >= least
        check(valid, where, name, f"be an integer of at least {least}", value)


def choice(where, at, value, choices):
    check(value in choices, where, at, f"be one of {', '.join(choices)}", value)
