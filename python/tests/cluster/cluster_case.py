"""What an engine has to do, whichever it is: write the files of one process, also where workers are killed."""

import hashlib
import os
import signal

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


def check_wrong_rows(engine, source, folder):
    """Rows that break a rule are named as by one process, and nothing is left of the shards."""
    schema = {**SCHEMA, "fields": [{"type": "numeric", "name": "site", "column": "genres"}]}
    messages = []
    for each in ("local", engine):
        try:
            preparation.prepare(source, schema, folder / "shards", engine=each, rows_per_shard=2000)
        except ValueError as error:
            messages.append(str(error))
    assert len(messages) == 2 and messages[0] == messages[1]
    assert messages[0].startswith("prepare: 20000 rows are invalid, and max_rejects is 0")
    assert 'rows-0.parquet, row 1, column "genres": ' in messages[0] and os.listdir(folder) == []
