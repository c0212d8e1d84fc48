"""Scores of predictions."""

import numpy as np


def auc(labels, predictions, weights):
    """The probability that a positive row has a larger prediction than a negative one, ties counted half; rows have
    weights. None where all rows with a weight above 0 have one label, or labels are not 0 and 1.
    """
    labels, predictions, weights = (each[weights > 0] for each in (labels, predictions, weights))
    if set(np.unique(labels)) != {0, 1}:
        return None
    _, group = np.unique(predictions, return_inverse=True)
    positive = np.bincount(group, weights * labels)
    negative = np.bincount(group, weights * (1 - labels))
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))
