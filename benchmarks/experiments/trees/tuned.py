"""Tunes LightGBM on the rows of a folder as its users do, and writes what it says of the test rows.

    python tuned.py '{"folder": ..., "columns": 14, "categories": [6, 7], "trees": 2000, "patience": 50, "settings": [{...}]}'

Of each part (train, validation, test) the folder holds `PART.columns` (float64, row-major, NaN for missing) and `PART.labels`
(float32). Each of the settings grows trees on train until validation AUC has not risen for `patience` trees. The setting with
the highest AUC is grown again on train and validation together, with as many trees. Written are `test.predictions` (float64)
and `tuned.json`: the position of the setting, its number of trees, the AUC of each setting, and the seconds of all of it.
"""
import json
import os
import sys
import time

import lightgbm
import numpy as np


def main(folder, columns, categories, trees, patience, settings):
    def read(name, dtype):
        return np.fromfile(os.path.join(folder, name), dtype=dtype)

    parts = ("train", "validation", "test")
    rows = {part: read(f"{part}.columns", "<f8").reshape(-1, columns) for part in parts}
    labels = {part: read(f"{part}.labels", "<f4") for part in parts}
    usual = {"objective": "binary", "metric": "auc", "deterministic": True, "force_row_wise": True, "verbosity": -1}

    def dataset(names, **options):
        # Otherwise columns would be left out for good by the least number of rows that the first setting has.
        params = {"feature_pre_filter": False, "verbosity": -1}
        return lightgbm.Dataset(np.concatenate([rows[name] for name in names]), np.concatenate([labels[name] for name in names]),
                                categorical_feature=categories, params=params, free_raw_data=False, **options)

    started = time.perf_counter()
    train = dataset(["train"])
    validation = dataset(["validation"], reference=train)
    grown = []
    for setting in settings:
        model = lightgbm.train({**usual, **setting}, train, trees, valid_sets=[validation],
                               callbacks=[lightgbm.early_stopping(patience, verbose=False)])
        grown.append((model.best_score["valid_0"]["auc"], model.best_iteration))
    best = max(range(len(settings)), key=lambda i: grown[i][0])
    model = lightgbm.train({**usual, **settings[best]}, dataset(["train", "validation"]), grown[best][1])
    model.predict(rows["test"]).astype("<f8").tofile(os.path.join(folder, "test.predictions"))
    with open(os.path.join(folder, "tuned.json"), "w") as file:
        json.dump({"setting": best, "trees": grown[best][1], "aucs": [auc for auc, _ in grown],
                   "seconds": time.perf_counter() - started}, file)


main(**json.loads(sys.argv[1]))
