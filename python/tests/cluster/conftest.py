import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from cluster_case import ROWS, SCHEMA, SPLIT, contents
from tfjs_autofis import preparation


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    random = np.random.default_rng(1)
    for i in range(2):
        genres = ["|".join(random.choice(list("abcdef"), 1 + n % 3)) for n in range(ROWS // 2)]
        columns = {
            "y": random.integers(0, 2, ROWS // 2),
            "site": random.zipf(1.5, ROWS // 2).astype(str),
            "price": random.normal(size=ROWS // 2).round(2),
            "genres": genres,
        }
        parquet.write_table(pa.table(columns), folder / f"rows-{i}.parquet", row_group_size=1000)
    return str(folder / "*.parquet")


@pytest.fixture(scope="session")
def expected(source, tmp_path_factory):
    """The files that one process writes."""
    folder = tmp_path_factory.mktemp("expected") / "shards"
    preparation.prepare(source, SCHEMA, folder, SPLIT, "local", rows_per_shard=2000)
    return contents(folder)
