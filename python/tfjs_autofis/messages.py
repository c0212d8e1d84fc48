"""What a process of a training says to the one that has started it, by a file."""

import json
import os
import threading
from contextlib import contextmanager


@contextmanager
def writing(path):
    """Give a function that sends a line; a ValueError is sent, too, and ends the work."""

    def write(**message):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(message) + "\n")

    try:
        yield lambda line: write(line=line)
    except ValueError as error:
        # A wrong argument or row stays wrong in another attempt.
        write(error=str(error))


class Messages:
    """Passes the lines of a growing file on while it is entered, and keeps an error among them."""

    def __init__(self, path, say):
        self._path, self._say, self._at, self.error = path, say, 0, None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self):
        with open(self._path, "w", encoding="utf-8"):
            pass
        self._thread.start()

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
        self._read()
        os.remove(self._path)

    def _follow(self):
        while not self._ended.wait(0.5):
            self._read()

    def _read(self):
        with open(self._path, encoding="utf-8") as file:
            file.seek(self._at)
            while (line := file.readline()).endswith("\n"):
                self._at = file.tell()
                message = json.loads(line)
                if "line" in message:
                    self._say(message["line"])
                else:
                    self.error = message["error"]
