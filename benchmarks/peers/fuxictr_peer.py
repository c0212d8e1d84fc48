"""FuxiCTR's own preprocessing of Criteo's rows, the configuration of its Criteo_x4 data set: from CSV to Parquet of ids.

    python fuxictr_peer.py '{"source": "folder of train.csv, valid.csv, test.csv", "folder": "...", "minCount": 10, "blockRows": 100000}'

Each request is a whole run; it writes FOLDER/criteo, which the command removes in between. Written in blocks, which spares it a
sort and a copy of all rows. Ray runs without dashboard and log, on all cores, and is up before the time begins.
"""
import contextlib
import logging
import os
import sys

os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_DATA_DISABLE_PROGRESS_BARS="1", TQDM_DISABLE="1")

import fuxictr
import polars
import ray
from common import OPTIONS as options, serve
from fuxictr.datasets.criteo import CustomizedFeatureProcessor
from fuxictr.preprocess import build_dataset

COLUMNS = [
    {"name": [f"I{i}" for i in range(1, 14)], "active": True, "dtype": "float", "type": "categorical", "preprocess": "convert_to_bucket", "fill_na": 0},
    {"name": [f"C{i}" for i in range(1, 27)], "active": True, "dtype": "str", "type": "categorical", "fill_na": ""},
]

logging.disable(logging.WARNING)
ray.init(include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False


def step(index):
    processor = CustomizedFeatureProcessor(
        feature_cols=COLUMNS, label_col={"name": "label", "dtype": "float"}, dataset_id="criteo", data_root=options["folder"])
    files = {f"{part}_data": os.path.join(options["source"], f"{part}.csv") for part in ("train", "valid", "test")}
    with contextlib.redirect_stdout(sys.stderr):
        build_dataset(processor, **files, data_format="csv", min_categr_count=options["minCount"], data_block_size=options["blockRows"])
    return 0


serve(step, {"fuxictr": fuxictr.__version__, "ray": ray.__version__, "polars in fuxictr": polars.__version__})
