"""Preparation by Ray, on a cluster of two worker processes of this machine."""

import os
import sys

import cluster_case
import pytest
import ray
from cluster_case import SCHEMA, SPLIT, STAGES, TASKS, check_wrong_rows, contents, killed_once

from tfjs_autofis import preparation


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Two workers; tasks of the tests go to them with their code, since they cannot import it."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    for module in (sys.modules[__name__], cluster_case):
        ray.cloudpickle.register_pickle_by_value(module)
    yield
    ray.shutdown()


def test_two_workers_write_the_files_of_one_process(source, expected, tmp_path):
    made = preparation.prepare(source, SCHEMA, tmp_path / "shards", SPLIT, "ray", workers=2, rows_per_shard=2000)
    assert contents(tmp_path / "shards") == expected
    assert len(made["manifest"]["parts"]["train"]["files"]) == 10
    assert os.listdir(tmp_path) == ["shards"]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", TASKS)
def test_a_killed_worker_changes_nothing(source, expected, tmp_path, monkeypatch, name, stage):
    mark = str(tmp_path / "killed")
    monkeypatch.setattr(preparation, name, killed_once(name, stage, mark))
    preparation.prepare(source, SCHEMA, tmp_path / "shards", SPLIT, "ray", workers=2, rows_per_shard=2000)
    assert int(open(mark).read()) != os.getpid()
    assert contents(tmp_path / "shards") == expected


def test_wrong_rows_are_named_as_by_one_process(source, tmp_path):
    check_wrong_rows("ray", source, tmp_path)


def test_uris_are_read(source, expected, tmp_path):
    preparation.prepare(f"file://{source}", SCHEMA, tmp_path / "shards", SPLIT, "ray", workers=2, rows_per_shard=2000)
    assert contents(tmp_path / "shards") == expected
