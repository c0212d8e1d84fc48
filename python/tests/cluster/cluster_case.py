"""What an engine has to do, whichever it is: write the files of one process, also where workers are killed."""

import hashlib
import os
import signal

import pytest

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
TASKS = ["count_block", "fit_counted", "encode_block"]
STAGES = ["before", "between", "after"]


def contents(folder):
    """{name: hash} of all files."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(os.listdir(folder))}


def killed_once(name, stage, mark, victim=os.getpid):
    """A task of preparation, during which a process gets SIGKILL the first time that it is given a certain item.

    The task has then done nothing, or written half a file, or done all its work and not reported it. Its number is
    written to the file `mark`.
    """
    task = getattr(preparation, name)

    def killed(job, item):
        chosen = (item if isinstance(item, int) else item["index"]) == 1

        def kill():
            if chosen and not os.path.exists(mark):
                with open(mark, "w") as file:
                    file.write(str(victim()))
                os.kill(victim(), signal.SIGKILL)

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

    return killed


class EngineTests:
    """Tests of an engine with two workers, which a class of its own names."""

    engine = None

    def prepared(self, source, folder):
        return preparation.prepare(source, SCHEMA, folder, SPLIT, self.engine, workers=2, rows_per_shard=2000)

    def test_two_workers_write_the_files_of_one_process(self, source, expected, tmp_path):
        made = self.prepared(source, tmp_path / "shards")
        assert contents(tmp_path / "shards") == expected
        assert len(made["manifest"]["parts"]["train"]["files"]) == 10
        assert os.listdir(tmp_path) == ["shards"]

    @pytest.mark.parametrize("stage", STAGES)
    @pytest.mark.parametrize("name", TASKS)
    def test_a_killed_worker_changes_nothing(self, source, expected, tmp_path, monkeypatch, name, stage):
        mark = str(tmp_path / "killed")
        monkeypatch.setattr(preparation, name, killed_once(name, stage, mark))
        self.prepared(source, tmp_path / "shards")
        assert int(open(mark).read()) != os.getpid()
        assert contents(tmp_path / "shards") == expected

    def test_wrong_rows_are_named_as_by_one_process(self, source, tmp_path):
        schema = {**SCHEMA, "fields": [{"type": "numeric", "name": "site", "column": "genres"}]}
        messages = []
        for engine in ("local", self.engine):
            with pytest.raises(ValueError, match=r"prepare: 20000 rows are invalid, and max_rejects is 0") as error:
                preparation.prepare(source, schema, tmp_path / "shards", engine=engine, rows_per_shard=2000)
            messages.append(str(error.value))
        assert messages[0] == messages[1]
        assert 'rows-0.parquet, row 1, column "genres": ' in messages[0] and os.listdir(tmp_path) == []
