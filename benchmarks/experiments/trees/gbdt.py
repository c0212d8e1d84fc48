"""Grows trees with LightGBM on the rows of a folder, and writes what the trees say of every row.

    python gbdt.py '{"folder": ..., "columns": 14, "categories": [6, 7], "trees": 500, "patience": 50,
        "leaves": true, "parameters": {...}}'

Of each part (train, validation, test) the folder holds `PART.columns` (int32, row-major) and `PART.labels` (float32). Written
for each are `PART.predictions` (float64), with `leaves` also `PART.leaves` (int32, [rows, trees], counted from 0 in each
tree), and `grown.json`: the number of leaves of each tree, and the seconds that growing and predicting the test rows took.
With a `patience` other than 0 growing stops when validation AUC has not risen for that number of trees; the best ones
are kept.
"""
import json
import os
import sys
import time

import lightgbm
import numpy as np

PARTS = ("train", "validation", "test")


def main(folder, columns, categories, trees, patience, leaves, parameters):
    def read(name, dtype):
        return np.fromfile(os.path.join(folder, name), dtype=dtype)

    rows = {part: read(f"{part}.columns", "<i4").reshape(-1, columns) for part in PARTS}
    train = lightgbm.Dataset(rows["train"], read("train.labels", "<f4"), categorical_feature=categories)
    validation = lightgbm.Dataset(rows["validation"], read("validation.labels", "<f4"), reference=train)
    started = time.perf_counter()
    model = lightgbm.train(
        {"objective": "binary", "metric": "auc", "deterministic": True, "force_row_wise": True, "verbosity": -1, **parameters},
        train, trees, valid_sets=[validation] if patience else None,
        callbacks=[lightgbm.early_stopping(patience, verbose=False)] if patience else None)
    seconds = time.perf_counter() - started
    kept = model.best_iteration if patience else model.num_trees()

    started = time.perf_counter()
    predictions = {"test": model.predict(rows["test"], num_iteration=kept)}
    inference = time.perf_counter() - started
    for part in PARTS:
        if part != "test":
            predictions[part] = model.predict(rows[part], num_iteration=kept)
        predictions[part].astype("<f8").tofile(os.path.join(folder, f"{part}.predictions"))
        if leaves:
            own = np.asarray(model.predict(rows[part], num_iteration=kept, pred_leaf=True))
            own.reshape(len(rows[part]), kept).astype("<i4").tofile(os.path.join(folder, f"{part}.leaves"))
    sizes = [tree["num_leaves"] for tree in model.dump_model(num_iteration=kept)["tree_info"]]
    with open(os.path.join(folder, "grown.json"), "w") as file:
        json.dump({"sizes": sizes, "seconds": seconds, "inference": inference}, file)


main(**json.loads(sys.argv[1]))
