"""What test/python/hard_values.ts wrote into the folder AUTOFIS_ROWS: values of all kinds, encoded in TypeScript."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ["AUTOFIS_ROWS"])


@pytest.fixture(scope="session")
def hard():
    """{fitted, values, ids, issues, counts}: every rule reads the column x."""
    return json.loads((FOLDER / "hard.json").read_text("utf-8"))
