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
    if x != 0 and not 1e-6 <= abs(x) < 1e21:
        return repr(x).replace("e-0", "e-")
    # Plus 0, so that -0.0 is 0.
    text = format(Decimal(repr(x + 0.0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


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
