"""Writes golden.json: rows and their metrics by scikit-learn, which test/metrics/golden.test.ts compares with.

Run `pip install scikit-learn` and then `python golden.py` in this folder. The rows are made here from a seed.
AUC: sklearn.metrics.roc_auc_score. Logloss: sklearn.metrics.log_loss. GAUC: roc_auc_score of each user with both classes,
numpy.average weighted by rows. ECE: sklearn.calibration.calibration_curve (uniform bins) and the bins' counts.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss, roc_auc_score


def case(name, labels, scores, groups, bins):
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], scores), minlength=bins)
    true, predicted = calibration_curve(labels, scores, n_bins=bins, strategy="uniform")
    users = [u for u in np.unique(groups) if len(set(labels[groups == u])) == 2]
    aucs = [roc_auc_score(labels[groups == u], scores[groups == u]) for u in users]
    return {
        "name": name, "bins": bins, "labels": labels.tolist(), "scores": scores.tolist(), "groups": groups.tolist(),
        "auc": roc_auc_score(labels, scores),
        "logloss": log_loss(labels, scores),
        "gauc": np.average(aucs, weights=[np.sum(groups == u) for u in users]),
        "calibration": np.sum(scores) / np.sum(labels),
        "ece": np.average(np.abs(true - predicted), weights=counts[counts > 0]),
    }


def main():
    random = np.random.default_rng(20200823)
    n = 300
    groups = random.integers(0, 25, n)
    free = random.uniform(0.02, 0.98, n)
    tied = random.integers(1, 10, n) / 10  # On the bins' edges, with many ties.
    rare = np.exp(random.normal(-3.5, 0.7, n))  # A few clicks in a hundred.
    cases = [
        case("no ties", (random.uniform(size=n) < free).astype(int), free, groups, 10),
        case("ties on the edges of bins", (random.uniform(size=n) < tied).astype(int), tied, groups, 10),
        case("rare positives", (random.uniform(size=n) < rare * 1.3).astype(int), rare, groups, 7),
        case("values that are edges of 17 bins, rounded another way", random.integers(0, 2, n), random.integers(1, 17, n) / 17, groups, 17),
    ]
    result = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "cases": cases}
    pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
