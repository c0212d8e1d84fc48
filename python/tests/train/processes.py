"""Workers in processes of their own, which end together."""

import threading
import time
from contextlib import contextmanager

# How long the others may take to notice that one has failed.
SECONDS = 20


@contextmanager
def ending_together(processes):
    """Where one fails, the others, which may wait for it forever, are killed; at the end all that are left are."""

    def watch():
        while any(process.poll() is None for process in processes):
            if any(process.poll() for process in processes):
                time.sleep(SECONDS)
                kill()
            time.sleep(0.1)

    def kill():
        for process in processes:
            process.kill()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        kill()
        watcher.join()
