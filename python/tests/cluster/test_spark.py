"""Preparation by Spark, on a cluster of two executors of this machine, each a process with its own Python workers."""

import os
import subprocess
import sys

import cluster_case
import pytest
from cluster_case import SCHEMA, SPLIT, STAGES, TASKS, check_wrong_rows, contents, killed_once
from pyspark import cloudpickle

from tfjs_autofis import preparation


@pytest.fixture(autouse=True)
def cluster(monkeypatch):
    """Workers import the package from here; tasks of the tests go to them with their code."""
    monkeypatch.setenv("SPARK_MASTER", "local-cluster[2,1,1024]")
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    for module in (sys.modules[__name__], cluster_case):
        cloudpickle.register_pickle_by_value(module)


def prepared(source, folder):
    return preparation.prepare(source, SCHEMA, folder, SPLIT, "spark", rows_per_shard=2000)


def test_two_executors_write_the_files_of_one_process(source, expected, tmp_path):
    made = prepared(source, tmp_path / "shards")
    assert contents(tmp_path / "shards") == expected
    assert len(made["manifest"]["parts"]["train"]["files"]) == 10
    assert os.listdir(tmp_path) == ["shards"]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", TASKS)
def test_a_killed_worker_changes_nothing(source, expected, tmp_path, monkeypatch, name, stage):
    mark = str(tmp_path / "killed")
    monkeypatch.setattr(preparation, name, killed_once(name, stage, mark))
    prepared(source, tmp_path / "shards")
    assert int(open(mark).read()) != os.getpid()
    assert contents(tmp_path / "shards") == expected


def executor():
    """The Java process behind the daemon that started this worker."""
    daemon = os.getppid()
    return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(daemon)]))


def test_a_killed_executor_changes_nothing(source, expected, tmp_path, monkeypatch):
    mark = str(tmp_path / "killed")
    monkeypatch.setattr(preparation, "encode_block", killed_once("encode_block", "between", mark, executor))
    prepared(source, tmp_path / "shards")
    assert int(open(mark).read()) > 1
    assert contents(tmp_path / "shards") == expected


def test_wrong_rows_are_named_as_by_one_process(source, tmp_path):
    check_wrong_rows("spark", source, tmp_path)


def test_this_machine_is_enough(source, expected, tmp_path, monkeypatch):
    monkeypatch.delenv("SPARK_MASTER")
    prepared(source, tmp_path / "shards")
    assert contents(tmp_path / "shards") == expected
