"""Tunes LightGBM on the rows of a folder, as its users do, and writes what it predicts for the test rows.

    python light_gbm.py '{"folder": ..., "columns": 14, "categories": [6, 7], "sample": 20000, "trees": 2000,
                          "patience": 50, "settings": [{...}, {...}]}'

Of each part (train, validation, test) the folder holds `PART.columns` (float64, row-major, NaN for missing) and
`PART.labels` (float32), and `PART.weights` (float32) where rows have weights. Each setting grows trees on the training
rows until validation AUC has not risen for `patience` trees. Where there are more than `sample` training rows (null:
never), that many of them, drawn by a fixed seed, decide which two settings grow on all. The setting with the highest
validation AUC is grown again on train and validation together, with as many trees. Written are `test.predictions`,
`validation.predictions` (float64; of the trees that grew on the training rows alone) and `grown.json`: the position of
the setting, its number of trees, the AUC of each setting (on all training rows where it grew on them), the seconds of
all of it, the size of the model's text and LightGBM's version.
"""
import json
import os
import sys
import time

import lightgbm
import numpy as np

PARTS = ("train", "validation", "test")


def main(folder, columns, categories, sample, trees, patience, settings):
    def read(name, dtype):
        return np.fromfile(os.path.join(folder, name), dtype=dtype)

    rows = {part: read(f"{part}.columns", "<f8").reshape(-1, columns) for part in PARTS}
    labels = {part: read(f"{part}.labels", "<f4") for part in PARTS}
    weighted = os.path.exists(os.path.join(folder, "train.weights"))
    weights = {part: read(f"{part}.weights", "<f4") for part in PARTS} if weighted else None
    usual = {"objective": "binary", "metric": "auc", "deterministic": True, "force_row_wise": True, "verbosity": -1}

    def dataset(names, chosen=slice(None), **options):
        # Otherwise columns would be left out for good by the least number of rows that the first setting has.
        params = {"feature_pre_filter": False, "verbosity": -1}

        def joined(parts):
            return np.concatenate([parts[name] for name in names])[chosen]

        return lightgbm.Dataset(joined(rows), joined(labels), weight=joined(weights) if weighted else None,
                                categorical_feature=categories, params=params, free_raw_data=False, **options)

    def grow(train, positions):
        validation = dataset(["validation"], reference=train)
        for at in positions:
            model = lightgbm.train({**usual, **settings[at]}, train, trees, valid_sets=[validation],
                                   callbacks=[lightgbm.early_stopping(patience, verbose=False)])
            grown[at] = (model.best_score["valid_0"]["auc"], model.best_iteration, model)
        return sorted(positions, key=lambda at: -grown[at][0])

    started = time.perf_counter()
    grown = {}
    remaining = list(range(len(settings)))
    count = len(labels["train"])
    if sample is not None and sample < count:
        chosen = np.sort(np.random.default_rng(1).permutation(count)[:sample])
        remaining = grow(dataset(["train"], chosen), remaining)[:2]
    best = grow(dataset(["train"]), remaining)[0]
    _, rounds, early = grown[best]
    model = lightgbm.train({**usual, **settings[best]}, dataset(["train", "validation"]), rounds)
    for part, grower in (("validation", early), ("test", model)):
        grower.predict(rows[part]).astype("<f8").tofile(os.path.join(folder, f"{part}.predictions"))
    with open(os.path.join(folder, "grown.json"), "w") as file:
        json.dump({"setting": best, "trees": rounds, "aucs": [grown[at][0] for at in range(len(settings))],
                   "seconds": time.perf_counter() - started, "bytes": len(model.model_to_string().encode()),
                   "version": lightgbm.__version__}, file)


main(**json.loads(sys.argv[1]))
