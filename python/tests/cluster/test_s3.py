"""Sources in an object store: a server of S3's interface on this machine."""

import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest
from cluster_case import SCHEMA, SPLIT, contents
from pyarrow import fs

from tfjs_autofis import preparation

#: The engines of this environment.
ENGINES = ["local", *(engine for engine, package in {"ray": "ray", "spark": "pyspark"}.items() if find_spec(package))]


@pytest.fixture
def bucket(source, monkeypatch, tmp_path):
    """The files of `source` in a bucket; its URI."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PYTHONPATH": os.getcwd(),
        "PYSPARK_PYTHON": sys.executable,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SPARK_MASTER", raising=False)
    try:
        _wait(port)
        store = fs.S3FileSystem(endpoint_override=f"127.0.0.1:{port}", scheme="http", allow_bucket_creation=True)
        store.create_dir("clicks/july")
        fs.copy_files(os.path.dirname(source), "clicks/july", destination_filesystem=store)
        yield "s3://clicks/july/*.parquet"
    finally:
        server.kill()
        server.wait()


def _wait(port):
    for _ in range(300):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The S3 server does not answer.")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_bucket_gives_the_files_of_a_folder(bucket, expected, tmp_path, engine):
    preparation.prepare(bucket, SCHEMA, tmp_path / "shards", SPLIT, engine, workers=2, rows_per_shard=2000)
    assert contents(tmp_path / "shards") == expected


def test_an_empty_folder_of_a_bucket_is_named(bucket, tmp_path):
    empty = bucket.replace("july", "june")
    with pytest.raises((ValueError, FileNotFoundError), match="june"):
        preparation.prepare(empty, SCHEMA, tmp_path / "shards", SPLIT, "local")
