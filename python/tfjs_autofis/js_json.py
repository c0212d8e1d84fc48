"""JSON as JavaScript writes it, and hashes of it."""

import hashlib
import json
import math
from decimal import Decimal
from pathlib import Path


def js_number(x):
    """A number as JavaScript writes it."""
    if isinstance(x, int):
        return str(x)
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else f"{'-' if x < 0 else ''}Infinity"
    _, digits, exponent = Decimal(repr(abs(x))).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + exponent
    sign = "-" if x < 0 else ""
    if 0 < point <= 21:
        text = text.ljust(point, "0")
        return sign + text[:point] + (f".{text[point:]}" if text[point:] else "")
    if x == 0 or -6 < point <= 0:
        return sign + (f"0.{'0' * -point}{text}" if x else "0")
    return f"{sign}{text[0]}{f'.{text[1:]}' if text[1:] else ''}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def js_json(value, ordered=False):
    """JSON as JSON.stringify writes it; with `ordered` keys are sorted."""
    if isinstance(value, dict):
        items = sorted(value.items()) if ordered else value.items()
        return "{" + ",".join(f"{js_json(key)}:{js_json(each, ordered)}" for key, each in items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(js_json(each, ordered) for each in value) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return js_number(value)
    return json.dumps(value, ensure_ascii=False)


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_json(path, where):
    """The content of a file; `where` begins what an error says."""
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"{where}: {path} cannot be read: {error.strerror}. Give the path of a file.") from None
    except ValueError as error:
        raise ValueError(f"{where}: {path} is not JSON: {error}. Write it again.") from None
