"""The runs of `train` that tests compare with others."""

import shutil

import pytest
from cluster import FEW_STEPS, FOLDER, SHARDS

from tfjs_autofis.training import train


class Stopped(Exception):
    """Where a run ends in a test."""


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """What one worker makes of cluster-deep, stopped in the retrain and continued.

    (its result, its folder, that folder in the middle of the search)
    """
    one, begun, said = *(tmp_path_factory.mktemp("alone") / name for name in ("one", "begun")), []

    def say(line):
        said.append(line)
        if line.startswith("search: epoch 1"):
            shutil.copytree(one, begun)
        if line.startswith("retrain: epoch 1") and said.count(line) == 1:
            raise Stopped

    args = (FOLDER / "cluster-deep", SHARDS, one)
    with pytest.raises(Stopped):
        train(*args, **FEW_STEPS, say=say)
    result = train(*args, **FEW_STEPS, say=say)
    assert [line for line in said if "continues" in line] == ["continues after step 3 of the retrain"]
    return result, one, begun
