"""The place of a text in a list of millions, in a few bytes for each."""

import numpy as np


class TextIds:
    """Places of texts in a list of different ones.

    They are found by binary search among sorted hashes and confirmed by the texts themselves, so that equal hashes do
    no harm. A text takes its UTF-8 bytes and 20 more, a fraction of what a dict of Python's texts takes.

    `texts` is an Arrow array, `hashes` has a 64-bit number of each, whichever, but the same for the same text.
    """

    def __init__(self, texts, hashes):
        order = np.argsort(hashes)
        # All in the order of the hashes: what is looked up together then stands close together.
        self._hashes, self._places = hashes[order], order.astype(np.int32)
        self._texts = texts.take(order)
        begins = np.flatnonzero(np.concatenate([[True], self._hashes[1:] != self._hashes[:-1], [True]]))
        self._most_alike = int(np.diff(begins).max(initial=0))

    def find(self, texts, hashes):
        """The places of an Arrow array of texts with these hashes, int32; -1 of those that are not in the list."""
        import pyarrow.compute as pc

        found = np.full(len(texts), -1, np.int32)
        if len(self._places) == 0:
            return found
        order = np.argsort(hashes)
        texts = texts.take(order).cast(self._texts.type)
        begin = np.searchsorted(self._hashes, hashes[order])
        for step in range(self._most_alike):
            at = np.minimum(begin + step, len(self._places) - 1)
            same = pc.equal(self._texts.take(at), texts).to_numpy(zero_copy_only=False)
            found[order[same]] = self._places[at[same]]
        return found
