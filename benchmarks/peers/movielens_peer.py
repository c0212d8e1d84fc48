"""The recipe of the preset movieLens1m in pandas with scikit-learn, in pandas alone, or in polars: from csv.gz to shards of ids.

    python movielens_peer.py '{"peer": "sklearn" | "pandas" | "polars", "file": "movielens-1m.csv.gz", "folder": "..."}'

Ids: 0 missing, 1 unseen in training, then values by falling count in the training rows, equal counts by their bytes. Up to six
genres a row, their ids rising, -1 behind them. Folds 1 to 4 are train, 5 is test. Each request is a whole run; the shards are
FOLDER/shards, which the command removes in between.
"""
import json
import os

import numpy as np
import pyarrow as pa

from common import OPTIONS as options, serve

FIELDS = ["user_id", "movie_id", "gender", "age", "occupation", "zip3", "year"]
WIDTH = 6
ROWS_PER_SHARD = 262144
TEST = "5"


def by_count(counts):
    """The values of {value: count} in the order of their ids."""
    return [value for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0].encode()))]


def genre_ids(lists, counts):
    """Ids [different lists, WIDTH] of genres, and how many genres there are; `counts` are the training rows of each list."""
    items = {}
    for text, count in zip(lists, counts):
        for item in set(text.split("|")) if count > 0 else ():
            items[item] = items.get(item, 0) + int(count)
    known = {item: i + 2 for i, item in enumerate(by_count(items))}
    ids = np.full((len(lists), WIDTH), -1, np.int32)
    for row, text in enumerate(lists):
        found = sorted(known.get(item, 1) for item in set(text.split("|")))
        # The id of what is unseen is the least frequent one.
        found = [i for i in found if i > 1] + [1] * (1 in found)
        ids[row, :len(found[:WIDTH])] = found[:WIDTH]
    return ids, len(known)


def with_pandas(file, sklearn):
    import pandas as pd
    columns = ["fold", "label", *FIELDS, "genres"]
    frame = pd.read_csv(file, engine="pyarrow", usecols=columns, dtype={name: "str" for name in columns if name != "label"})
    test = (frame["fold"] == TEST).to_numpy()
    ids = np.empty((len(frame), len(FIELDS) + WIDTH), np.int32)
    sizes = []
    if sklearn:
        from sklearn.preprocessing import OrdinalEncoder
        train = frame.loc[~test, FIELDS]
        values = [by_count(train[name].value_counts().to_dict()) for name in FIELDS]
        encoder = OrdinalEncoder(categories=values, handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2, dtype=np.int32)
        ids[:, :len(FIELDS)] = encoder.fit(train).transform(frame[FIELDS]) + 2
        sizes = [len(each) + 2 for each in values]
    else:
        for column, name in enumerate(FIELDS):
            codes, values = pd.factorize(frame[name])
            counts = np.bincount(codes[~test], minlength=len(values))
            known = {value: i + 2 for i, value in enumerate(by_count({value: count for value, count in zip(values, counts) if count > 0}))}
            ids[:, column] = np.array([*(known.get(value, 1) for value in values), 0], np.int32)[codes]
            sizes.append(len(known) + 2)
    genres, lists = pd.factorize(frame["genres"])
    table, count = genre_ids(list(lists), np.bincount(genres[~test], minlength=len(lists)))
    ids[:, len(FIELDS):] = table[genres]
    return ids, frame["label"].to_numpy().astype(np.uint8), test, [*sizes, count + 2]


def with_polars(file):
    import polars as pl
    columns = ["fold", "label", *FIELDS, "genres"]
    frame = pl.read_csv(file, columns=columns, schema_overrides={name: pl.String for name in columns if name != "label"})
    frame = frame.with_columns(test=pl.col("fold") == TEST)
    train = pl.col("test").not_()
    ids = np.empty((len(frame), len(FIELDS) + WIDTH), np.int32)
    counted = pl.collect_all([frame.lazy().group_by(name).agg(n=train.sum()).filter(pl.col("n") > 0).drop_nulls()
                              .sort("n", name, descending=[True, False]) for name in FIELDS])
    encoded = frame.select(pl.when(pl.col(name).is_null()).then(0).otherwise(
        pl.col(name).replace_strict(each[name], pl.int_range(2, len(each) + 2, dtype=pl.Int32, eager=True), default=1, return_dtype=pl.Int32)).alias(name)
        for name, each in zip(FIELDS, counted))
    for column, name in enumerate(FIELDS):
        ids[:, column] = encoded[name].to_numpy()
    lists = frame.group_by("genres").agg(n=train.sum()).with_row_index("code")
    table, count = genre_ids(lists["genres"].to_list(), lists["n"].to_list())
    codes = frame["genres"].replace_strict(lists["genres"], lists["code"], return_dtype=pl.UInt32).to_numpy()
    ids[:, len(FIELDS):] = table[codes]
    return ids, frame["label"].cast(pl.UInt8).to_numpy(), frame["test"].to_numpy(), [*(len(each) + 2 for each in counted), count + 2]


def write_shards(folder, ids, labels, test, sizes):
    """Arrow files of both parts, then the manifest that makes them a folder of shards."""
    os.makedirs(folder)
    columns = ids.shape[1]
    schema = pa.schema([pa.field("ids", pa.list_(pa.field("item", pa.int32(), False), columns), False), pa.field("label", pa.uint8(), False)])
    parts = {}
    for part, rows in [("train", np.flatnonzero(~test)), ("test", np.flatnonzero(test))]:
        files = []
        for first in range(0, len(rows), ROWS_PER_SHARD):
            chosen = rows[first:first + ROWS_PER_SHARD]
            values, name = labels[chosen], f"{part}-{len(files):05d}.arrow"
            lists = pa.FixedSizeListArray.from_arrays(pa.array(ids[chosen].ravel()), type=schema.field("ids").type)
            with pa.OSFile(os.path.join(folder, name), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
                writer.write_batch(pa.record_batch([lists, pa.array(values)], schema=schema))
            files.append({"name": name, "rows": len(chosen), "positives": int(values.sum())})
        parts[part] = {"rows": len(rows), "positives": sum(file["positives"] for file in files), "files": files}
    fields = [{"name": name, "size": size} for name, size in zip(FIELDS, sizes)]
    fields.append({"name": "genres", "size": sizes[-1], "width": WIDTH, "combiner": "mean"})
    manifest = {"format": "tfjs-autofis-shards", "version": 1, "schemaHash": None, "columns": columns, "weights": False, "fields": fields, "parts": parts}
    with open(os.path.join(folder, "manifest.json"), "w") as file:
        json.dump(manifest, file)


def step(index):
    if options["peer"] == "polars":
        encoded = with_polars(options["file"])
    else:
        encoded = with_pandas(options["file"], sklearn=options["peer"] == "sklearn")
    write_shards(os.path.join(options["folder"], "shards"), *encoded)
    return 0


def about():
    if options["peer"] == "polars":
        import polars
        return {"polars": polars.__version__}
    import pandas
    import sklearn
    return {"pandas": pandas.__version__, "scikit-learn": sklearn.__version__}


serve(step, about())
