"""Preparation by Ray, on a cluster of two worker processes of this machine."""

import hashlib
import os
import signal
import sys

import numpy as np
import pyarrow as pa
import pytest
import ray
from pyarrow import parquet

from tfjs_autofis import preparation

SCHEMA = {
    "version": 1,
    "label": {"column": "y"},
    "fields": [
        {"type": "categorical", "name": "site", "column": "site", "minCount": 20},
        {"type": "numeric", "name": "price", "column": "price"},
        {"type": "multiValued", "name": "genres", "column": "genres", "separator": "|", "width": 2},
    ],
}
SPLIT = {"by": "fraction", "valid": 0.1, "test": 0.1, "seed": 1}
ROWS = 20_000


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Two workers; tasks of this file go to them with their code, since they cannot import it."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    random = np.random.default_rng(1)
    for i in range(2):
        genres = ["|".join(random.choice(list("abcdef"), 1 + n % 3)) for n in range(ROWS // 2)]
        columns = {
            "y": random.integers(0, 2, ROWS // 2),
            "site": random.zipf(1.5, ROWS // 2).astype(str),
            "price": random.normal(size=ROWS // 2).round(2),
            "genres": genres,
        }
        parquet.write_table(pa.table(columns), folder / f"rows-{i}.parquet", row_group_size=1000)
    return str(folder / "*.parquet")


def contents(folder):
    """{name: hash} of all files."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(os.listdir(folder))}


@pytest.fixture(scope="module")
def expected(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected") / "shards"
    preparation.prepare(source, SCHEMA, folder, SPLIT, "local", rows_per_shard=2000)
    return contents(folder)


def test_two_workers_write_the_files_of_one_process(source, expected, tmp_path):
    made = preparation.prepare(source, SCHEMA, tmp_path / "shards", SPLIT, "ray", workers=2, rows_per_shard=2000)
    assert contents(tmp_path / "shards") == expected
    assert len(made["manifest"]["parts"]["train"]["files"]) == 10
    assert os.listdir(tmp_path) == ["shards"]


@pytest.mark.parametrize("stage", ["before", "between", "after"])
@pytest.mark.parametrize("name", ["count_block", "fit_counted", "encode_block"])
def test_a_killed_worker_changes_nothing(source, expected, tmp_path, monkeypatch, name, stage):
    task, mark = getattr(preparation, name), str(tmp_path / "killed")

    def killed_once(job, item):
        """The task, whose process gets SIGKILL the first time that it is given a certain item.

        It has then done nothing, or written half a file, or done all its work and not reported it.
        """
        chosen = (item if isinstance(item, int) else item["index"]) == 1

        def kill():
            if chosen and not os.path.exists(mark):
                with open(mark, "w") as file:
                    file.write(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)

        if stage == "before":
            kill()
        if stage == "between":
            replace = os.replace

            def cut(path, file):
                os.truncate(path, os.path.getsize(path) // 2)
                kill()

            if chosen and not os.path.exists(mark):
                os.replace = cut
            try:
                return task(job, item)
            finally:
                os.replace = replace
        result = task(job, item)
        kill()
        return result

    monkeypatch.setattr(preparation, name, killed_once)
    preparation.prepare(source, SCHEMA, tmp_path / "shards", SPLIT, "ray", workers=2, rows_per_shard=2000)
    assert int(open(mark).read()) != os.getpid()
    assert contents(tmp_path / "shards") == expected


def test_wrong_rows_are_named_as_by_one_process(source, tmp_path):
    schema = {**SCHEMA, "fields": [{"type": "numeric", "name": "site", "column": "genres"}]}
    messages = []
    for engine in ("local", "ray"):
        with pytest.raises(ValueError, match=r"prepare: 20000 rows are invalid, and max_rejects is 0") as error:
            preparation.prepare(source, schema, tmp_path / "shards", engine=engine, rows_per_shard=2000)
        messages.append(str(error.value))
    assert messages[0] == messages[1]
    assert 'rows-0.parquet, row 1, column "genres": ' in messages[0] and os.listdir(tmp_path) == []


def test_uris_are_read(source, expected, tmp_path):
    preparation.prepare(f"file://{source}", SCHEMA, tmp_path / "shards", SPLIT, "ray", workers=2, rows_per_shard=2000)
    assert contents(tmp_path / "shards") == expected
