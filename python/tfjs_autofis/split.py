"""Splits of the TypeScript package: which row belongs to which part."""

from .rule_sql import identifier, literal, literals, moment_sql, not_a_date
from .schema import check, check_object, check_text, choice, date_pattern, finite
from .tables import connect

PARTS = ("train", "valid", "test")
LEFT_OUT = 3
ROW, FILE = "row of the source", "file of the row"
"""The columns that a source gets for its split: the number of a row, and the path of its file."""

_KEYS = {
    "fraction": {"valid", "test", "seed"},
    "group": {"column", "valid", "test", "seed"},
    "order": {"valid", "test"},
    "file": set(PARTS),
    "column": {"column", "validOfTrain", *PARTS},
    "time": {"column", "format", "validFrom", "testFrom", "until"},
}
_CUTS = {"until": LEFT_OUT, "testFrom": 2, "validFrom": 1}


def check_split(split, where="prepare"):
    """Check a split and return it; raise a ValueError that says what is wrong."""
    by = split.get("by") if isinstance(split, dict) else None
    choice(where, "split.by", by, tuple(_KEYS))
    check_object(where, "split", split, {"by"} | _KEYS[by])
    if "column" in _KEYS[by]:
        check_text(where, "split.column", split.get("column"))
    if by in ("fraction", "group", "order"):
        shares = [split.get(part, 0) for part in ("valid", "test")]
        valid = all(finite(share) and share >= 0 for share in shares) and sum(shares) < 1
        rule = "leave rows for training: `valid` and `test` are shares, together below 1"
        check(valid, where, "split", rule, split)
        if by != "order":
            _seed(where, "split.seed", split.get("seed"))
    elif by == "time":
        _check_time(split, where)
    else:
        lists = [split.get(part, []) for part in PARTS]
        # What is not a list has no values: a text would give its letters.
        values = [value for each in lists for value in (each if isinstance(each, (list, tuple)) else [None])]
        valid = lists[0] and all(isinstance(value, str) for value in values) and len(set(values)) == len(values)
        check(valid, where, "split", "list different strings for `train` and the other parts", split)
        drawn = split.get("validOfTrain")
        if drawn is not None:
            check_object(where, "split.validOfTrain", drawn, {"fraction", "seed"})
            share = drawn.get("fraction")
            valid = finite(share) and 0 < share < 1
            check(valid, where, "split.validOfTrain.fraction", "be a number between 0 and 1", share)
            _seed(where, "split.validOfTrain.seed", drawn.get("seed"))
    return split


def _check_time(split, where):
    cuts = [split[key] for key in ("validFrom", "testFrom", "until") if key in split]
    parts = "validFrom" in split or "testFrom" in split
    valid = parts and (all(isinstance(cut, str) for cut in cuts) or all(map(finite, cuts)))
    check(valid, where, "split", "have `validFrom`, `testFrom` or both, all finite numbers or all strings", split)
    check(cuts == sorted(cuts), where, "split", "have its cuts in the order validFrom, testFrom, until", split)
    if "format" in split:
        date_pattern(_format(split), f"{where}: `split.format`", "weekday")
        valid = all(isinstance(cut, str) and _is_date(cut) for cut in cuts)
        check(valid, where, "split", "have dates in ISO 8601 as its cuts, since it has a `format`", split)


def _is_date(text):
    """Whether a text is a date in ISO 8601, by the rule of the rows."""
    return connect().execute(f"SELECT {moment_sql(literal(text), None, 'split')} IS NOT NULL").fetchone()[0]


def add_part(sql, split, rows):
    """Add the part of each row to a RowSql: a position in PARTS, or LEFT_OUT. The source has `rows` rows."""
    sql.staged["part"] = f"coalesce({_part(sql, split, rows)}, {LEFT_OUT})::UTINYINT"


def _part(sql, split, rows):
    by = "all" if split is None else split["by"]
    if by == "all":
        return "0"
    if by in ("fraction", "group"):
        h, test = _row_hash(split["seed"]), _bound(split.get("test", 0))
        if by == "group":
            h = f"autofis_murmur3({sql.text(split['column'])}, {split['seed'] % 2**32})"
        # DuckDB computes each copy of an expression in a CASE.
        return f"[2, 1, 0][1 + ({h} >= {test})::INTEGER + ({h} >= {test + _bound(split.get('valid', 0))})::INTEGER]"
    if by == "order":
        row, test = identifier(ROW), rows - _rounded(split.get("test", 0) * rows)
        valid = test - _rounded(split.get("valid", 0) * rows)
        return f"CASE WHEN {row} >= {test} THEN 2 WHEN {row} >= {valid} THEN 1 ELSE 0 END"
    if by == "time":
        return _part_of_time(sql, split)
    value = f"parse_filename({identifier(FILE)}, false, 'both_slash')" if by == "file" else sql.text(split["column"])
    drawn = split.get("validOfTrain")
    results = {"valid": "1", "test": "2", "train": "0"}
    if drawn is not None:
        results["train"] = f"CASE WHEN {_row_hash(drawn['seed'])} < {_bound(drawn['fraction'])} THEN 1 ELSE 0 END"
    cases = " ".join(
        f"WHEN list_contains({literals(split[part])}, {value}) THEN {results[part]}"
        for part in PARTS
        if split.get(part)
    )
    return f"CASE {cases} END"


def _part_of_time(sql, split):
    column = split["column"]
    text = sql.text(column)
    cuts = {key: split[key] for key in _CUTS if key in split}
    if "format" in split:
        x = moment_sql(text, _format(split), "split")
        sql.check(f"{text} IS NOT NULL AND {x} IS NULL", column, text, not_a_date(_format(split)))
        cuts = {key: moment_sql(literal(cut), None, "split") for key, cut in cuts.items()}
    elif all(isinstance(cut, str) for cut in cuts.values()):
        x, cuts = text, {key: literal(cut) for key, cut in cuts.items()}
    else:
        x = sql.number(column, [], True)
    cases = " ".join(f"WHEN {x} >= {cut} THEN {_CUTS[key]}" for key, cut in cuts.items())
    return f"CASE {cases} WHEN {x} IS NOT NULL THEN 0 END"


def _format(split):
    return None if split["format"] == "iso" else split["format"]


def _row_hash(seed):
    return f"autofis_row_hash({identifier(ROW)}, autofis_fmix32({seed % 2**32}::UBIGINT))"


def _bound(fraction):
    """The share of numbers below 2^32 that a fraction is."""
    return _rounded(fraction * 2**32)


def _rounded(x):
    return int(x + 0.5)


def _seed(where, at, value):
    check(type(value) is int and value >= 0, where, at, "be an integer >= 0", value)
