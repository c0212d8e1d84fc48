"""Preparation by Spark, on a cluster of two executors of this machine, each a process with its own Python workers."""

import os
import subprocess
import sys

import cluster_case
import pytest
from cluster_case import EngineTests, contents, killed_once
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


def executor():
    """The Java process behind the daemon that started this worker."""
    daemon = os.getppid()
    return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(daemon)]))


class TestSpark(EngineTests):
    engine = "spark"

    def test_a_killed_executor_changes_nothing(self, source, expected, tmp_path, monkeypatch):
        mark = str(tmp_path / "killed")
        monkeypatch.setattr(preparation, "encode_block", killed_once("encode_block", "between", mark, executor))
        self.prepared(source, tmp_path / "shards")
        assert int(open(mark).read()) > 1
        assert contents(tmp_path / "shards") == expected

    def test_this_machine_is_enough(self, source, expected, tmp_path, monkeypatch):
        monkeypatch.delenv("SPARK_MASTER")
        self.prepared(source, tmp_path / "shards")
        assert contents(tmp_path / "shards") == expected
