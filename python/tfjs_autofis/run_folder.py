"""The folder of a training: what it was started with, its checkpoints and its result."""

import json
import os
import shutil
import time
from contextlib import suppress

from .js_json import read_json
from .shard_rows import WHERE

_OPTIONS, _RESULT = "run.json", "training.json"
_LAST_SECONDS = 60
"""That a worker waits for others at its end."""


class RunFolder:
    """A folder on a disk that all workers share. The first worker writes, the others read.

    Files and folders appear under their names only when they are complete.
    """

    def __init__(self, folder):
        self.path = os.path.abspath(folder)

    def open(self, options, writes):
        """Begin a run of these options, or continue it; a ValueError if the folder has another one."""
        path = os.path.join(self.path, _OPTIONS)
        if not os.path.exists(path):
            others = os.listdir(self.path) if os.path.isdir(self.path) else []
            # The first worker may be writing.
            if any(not name.startswith("partial-") for name in others):
                raise ValueError(f"{WHERE}: {self.path} has other files. Remove it, or give another folder.")
            if writes:
                self._write(_OPTIONS, options)
            return
        found = read_json(path, WHERE)
        for key, value in options.items():
            if found.get(key) != value:
                raise ValueError(
                    f"{WHERE}: {self.path} has a run with another {key}: {found.get(key)}. Received: {value}. "
                    "Continue it with its own options, or give another folder."
                )

    def discard(self):
        """Forget the options of a run that could not begin, so that the folder takes another one."""
        if all(name == _OPTIONS or name.startswith("partial-") for name in os.listdir(self.path)):
            with suppress(FileNotFoundError):
                os.remove(os.path.join(self.path, _OPTIONS))

    def result(self):
        """What `finish` wrote, or None."""
        path = os.path.join(self.path, _RESULT)
        return read_json(path, WHERE) if os.path.exists(path) else None

    def latest(self):
        """(folder, progress) of the newest checkpoint, or None."""
        names = self._checkpoints()
        if not names:
            return None
        path = os.path.join(self.path, names[-1])
        return path, read_json(os.path.join(path, "progress.json"), WHERE)

    def save(self, model, progress):
        """Write a checkpoint, a model of TensorFlow.js with its optimizer's state, and remove older ones."""
        older = self._checkpoints()
        name = f"checkpoint-{progress['number']}-{progress['step']:010d}"
        if name not in older:
            self._write_model(name, model, progress)
        for each in older:
            if each < name:
                shutil.rmtree(os.path.join(self.path, each))

    def finish(self, model, result):
        """Write the trained model and its result, and remove the checkpoints."""
        self._write_model("model", model)
        self._write(_RESULT, result)
        for each in self._checkpoints():
            shutil.rmtree(os.path.join(self.path, each))

    @property
    def searched(self):
        """The folder of the model at the end of its search."""
        return os.path.join(self.path, "searched")

    def save_searched(self, model):
        """Write the model at the end of its search."""
        self._write_model("searched", model)

    def leave(self, index, count):
        """Wait for all workers at the end: one that left would close connections that others still read from.

        Each says that it needs nothing more by a file, which the first one removes when all have said so.
        """
        others = [os.path.join(self.path, f"partial-left-{other}") for other in range(1, count)]
        own = others[index - 1 : index] if index > 0 else []
        for path in own:
            with open(path, "w", encoding="utf-8"):
                pass
        end = time.monotonic() + _LAST_SECONDS
        while not all(map(os.path.exists, others)) if index == 0 else any(map(os.path.exists, own)):
            if time.monotonic() > end:
                break
            time.sleep(0.05)
        for path in others if index == 0 else own:
            with suppress(FileNotFoundError):
                os.remove(path)

    def _checkpoints(self):
        if not os.path.isdir(self.path):
            return []
        return sorted(name for name in os.listdir(self.path) if name.startswith("checkpoint-"))

    def _write_model(self, name, model, progress=None):
        partial, final = os.path.join(self.path, f"partial-{name}"), os.path.join(self.path, name)
        for each in (partial, final):
            shutil.rmtree(each, ignore_errors=True)
        # Only here, since who starts workers needs no TensorFlow.
        from .files import save_model

        save_model(model, partial)
        if progress is not None:
            with open(os.path.join(partial, "progress.json"), "w", encoding="utf-8") as file:
                json.dump(progress, file)
        os.rename(partial, final)

    def _write(self, name, content):
        os.makedirs(self.path, exist_ok=True)
        partial = os.path.join(self.path, f"partial-{name}")
        with open(partial, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        os.replace(partial, os.path.join(self.path, name))
