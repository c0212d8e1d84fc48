"""Grows trees with CatBoost's defaults on the rows of a folder, and writes what they predict for the test rows.

    python cat_boost.py '{"folder": ..., "columns": 14, "categories": [6, 7], "trees": 1000, "patience": 50, "seed": 1}'

Of each part (train, validation, test) the folder holds `PART.columns` (float64, row-major, NaN for missing) and
`PART.labels` (float32), and `PART.weights` (float32) where rows have weights. Columns of categories are read as
strings, missing ones as "-1". Trees grow on the training rows until validation logloss has not fallen for `patience`
trees, then again, as many and with the same learning rate, on train and validation together. Written are
`test.predictions`, `validation.predictions` (float64; of the trees that grew on the training rows alone) and
`grown.json`: the number of trees, validation AUC, the learning rate, the seconds of all of it, the size of the model's
file and CatBoost's version.
"""
import json
import os
import sys
import time

import catboost
import numpy as np
import pandas

PARTS = ("train", "validation", "test")


def main(folder, columns, categories, trees, patience, seed):
    def read(name, dtype):
        return np.fromfile(os.path.join(folder, name), dtype=dtype)

    def frame(part):
        rows = pandas.DataFrame(read(f"{part}.columns", "<f8").reshape(-1, columns))
        for column in categories:
            # pandas 3 leaves NaN as it is where it makes strings, and CatBoost refuses it.
            rows[column] = rows[column].fillna(-1).astype(int).astype(str)
        return rows

    rows = {part: frame(part) for part in PARTS}
    labels = {part: read(f"{part}.labels", "<f4").astype(int) for part in PARTS}
    weighted = os.path.exists(os.path.join(folder, "train.weights"))
    weights = {part: read(f"{part}.weights", "<f4") for part in PARTS} if weighted else None

    def pool(*names):
        return catboost.Pool(pandas.concat([rows[name] for name in names], ignore_index=True),
                             np.concatenate([labels[name] for name in names]), cat_features=categories,
                             weight=np.concatenate([weights[name] for name in names]) if weighted else None)

    def classifier(count, **options):
        return catboost.CatBoostClassifier(iterations=count, random_seed=seed, thread_count=os.cpu_count(),
                                           allow_writing_files=False, verbose=False, **options)

    started = time.perf_counter()
    early = classifier(trees, custom_metric=["AUC"])
    early.fit(pool("train"), eval_set=pool("validation"), early_stopping_rounds=patience)
    rate = early.learning_rate_
    auc = early.get_evals_result()["validation"]["AUC"][early.get_best_iteration()]
    # With fewer trees CatBoost would take another learning rate.
    model = classifier(early.tree_count_, learning_rate=rate)
    model.fit(pool("train", "validation"))
    for part, grower in (("validation", early), ("test", model)):
        grower.predict_proba(pool(part))[:, 1].astype("<f8").tofile(os.path.join(folder, f"{part}.predictions"))
    seconds = time.perf_counter() - started
    file = os.path.join(folder, "model.cbm")
    model.save_model(file)
    with open(os.path.join(folder, "grown.json"), "w") as grown:
        json.dump({"trees": early.tree_count_, "aucs": [auc], "parameters": {"learning_rate": float(rate)},
                   "seconds": seconds, "bytes": os.path.getsize(file), "version": catboost.__version__}, grown)


main(**json.loads(sys.argv[1]))
