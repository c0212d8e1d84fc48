"""Serves a SavedModel of raw values with LitServe.

    python -m tfjs_autofis saved_model BUNDLE saved --vocabulary       # once; the server does not need this package
    pip install tensorflow-cpu litserve
    python serve.py saved --port 8000

    curl -H 'content-type: application/json' -d '{"rows": [{"site_id": "1fbe01fe"}]}' localhost:8000/predict
"""

import argparse
import json
import math
import signal
from decimal import Decimal
from pathlib import Path

import litserve
from fastapi import HTTPException


class Probabilities(litserve.LitAPI):
    """One probability for each row, a dict of the columns of the training table; absent columns are missing values."""

    def __init__(self, folder):
        # Without batches of several requests: in LitServe, one bad request would fail all of its batch.
        super().__init__()
        self.folder = folder

    def setup(self, device):
        # Only the processes that compute take the time and the memory of TensorFlow, not those that take requests.
        import tensorflow as tf

        self.constant = tf.constant
        self.model = tf.saved_model.load(self.folder)
        self.inputs = json.loads((Path(self.folder) / "assets.extra" / "inputs.json").read_text("utf-8"))

    def decode_request(self, request):
        """The rows of a request as a list of values for each input."""
        rows = request.get("rows") if isinstance(request, dict) else None
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise HTTPException(400, 'the body must be {"rows": [{column: value, ...}, ...]}, with at least one row')
        known = {each["column"] for each in self.inputs}
        for i, row in enumerate(rows):
            if known.isdisjoint(row):
                raise HTTPException(400, f"rows[{i}] has none of the columns {', '.join(sorted(known))}")
        return [[value_of(row, i, each) for i, row in enumerate(rows)] for each in self.inputs]

    def predict(self, values):
        given = {each["name"]: self.constant(own, each["dtype"]) for each, own in zip(self.inputs, values)}
        (found,) = self.model.signatures["serving_default"](**given).values()
        return found.numpy()[:, 0].tolist()

    def encode_response(self, probabilities):
        return {"probabilities": probabilities}


def value_of(row, i, each):
    """A value as an input of the SavedModel takes it: a number, NaN for none, or a text."""
    value = row.get(each["column"])
    if isinstance(value, list) and all(item is None for item in value):
        value = None
    if isinstance(value, list) and "separator" in each and not any(isinstance(item, (list, dict)) for item in value):
        value = joined([text_of(item) for item in value if item is not None], each["separator"])
    elif isinstance(value, str) and "textSeparator" in each and value not in each["missing"]:
        value = joined(value.split(each["textSeparator"]), each["separator"])
    if isinstance(value, (list, dict)):
        raise HTTPException(422, f"rows[{i}], column {each['column']!r}: {value!r} is not a single value")
    # Python reads NaN, which no JSON has, and writes it.
    text = "" if value is None or value != value else text_of(value)
    if each["dtype"] == "string":
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise HTTPException(422, f"rows[{i}], column {each['column']!r}: {value!r} is half of a surrogate pair")
        return text
    if text in ("", *each["missing"]):
        return math.nan
    number = number_of(text)
    if number is None:
        raise HTTPException(422, f"rows[{i}], column {each['column']!r}: {value!r} is not a number")
    return number


def joined(items, separator):
    """The items of a list as a text; the model knows no item with the separator, so another sign does not matter."""
    other = "\x1f" if separator != "\x1f" else "\x1e"
    return separator.join(item.replace(separator, other) for item in items)


def text_of(value):
    """The text that JavaScript has for a value of JSON: that of 5.0 is 5, and that of 1e-05 is 0.00001."""
    if isinstance(value, str):
        return value
    if not isinstance(value, float) or not math.isfinite(value):
        return json.dumps(value)
    if value != 0 and not 1e-6 <= abs(value) < 1e21:
        return repr(value).replace("e-0", "e-")
    # Plus 0, so that -0.0 is 0.
    text = format(Decimal(repr(value + 0.0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_of(text):
    """The finite number that a text means, or None; Python also reads 1_0 as 10."""
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="a SavedModel that `saved_model --vocabulary` wrote")
    parser.add_argument("--host", default="127.0.0.1", help="default %(default)s; 0.0.0.0 listens to all")
    parser.add_argument("--port", type=int, default=8000, help="default %(default)s")
    parser.add_argument("--workers", type=int, default=1, help="processes that compute, default %(default)s")
    args = parser.parse_args()
    # LitServe ends its other processes after Ctrl-C only; after SIGTERM they would go on and hold the port.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = litserve.LitServer(Probabilities(args.folder), accelerator="cpu", workers_per_device=args.workers)
    server.run(host=args.host, port=args.port, generate_client_file=False)
