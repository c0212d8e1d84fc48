"""The order in which rows of shards are read, that of `openShards` in the TypeScript package."""

import numpy as np

from .murmur3 import LOW, fmix32

BLOCK_ROWS = 2048
WINDOW_BLOCKS = 64


class BlockOrder:
    """Each row of a list of files once per epoch.

    With a seed, an epoch has its own order of all blocks, 2,048 neighbouring rows each, and of the rows of each 64
    successive blocks, a window. Without one rows keep their order.
    """

    def __init__(self, file_rows, seed=None):
        self.seed = seed
        self.rows = sum(file_rows)
        self._blocks = [
            (file, first, min(BLOCK_ROWS, rows - first))
            for file, rows in enumerate(file_rows)
            for first in range(0, rows, BLOCK_ROWS)
        ]

    def windows(self, epoch, skip=0):
        """Yield the windows of an epoch from that of row `skip` on.

        One is (first, blocks, order): the place of its first row in the epoch, its blocks (file, first row, rows), and
        the order of its rows, as places in its blocks laid end to end.
        """
        order = np.arange(len(self._blocks))
        if self.seed is not None:
            _shuffle(order, _seed_of(self.seed, epoch, -1))
        first = 0
        for number, start in enumerate(range(0, len(order), WINDOW_BLOCKS)):
            blocks = [self._blocks[b] for b in order[start : start + WINDOW_BLOCKS]]
            rows = sum(count for _, _, count in blocks)
            if first + rows > skip:
                within = np.arange(rows)
                if self.seed is not None:
                    _shuffle(within, _seed_of(self.seed, epoch, number))
                yield first, blocks, within
            first += rows


def _seed_of(seed, epoch, window):
    state = 0x9E3779B9
    for part in (seed, epoch, window):
        state = fmix32((state + part) & LOW)
    return state


def _shuffle(values, seed):
    """Shuffle in place by Fisher and Yates, with the numbers of mulberry32."""
    count = len(values)
    draws = np.floor(_mulberry32(seed, count - 1) * np.arange(count, 1, -1)).astype(np.int64).tolist()
    items = values.tolist()
    for i, j in zip(range(count - 1, 0, -1), draws):
        items[i], items[j] = items[j], items[i]
    values[:] = items


def _mulberry32(seed, count):
    """The first numbers of mulberry32, in [0, 1)."""
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)
    state = (np.uint64(seed) + steps).astype(np.uint32)
    t = (state ^ state >> np.uint32(15)) * (state | np.uint32(1))
    t ^= t + (t ^ t >> np.uint32(7)) * (t | np.uint32(61))
    return (t ^ t >> np.uint32(14)) / 2.0**32
