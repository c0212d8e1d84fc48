"""Preparation by Ray, on a cluster of two worker processes of this machine."""

import cluster_case
import pytest
import ray
from cluster_case import EngineTests, contents


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Two workers; tasks of the tests go to them with their code, since they cannot import it."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    ray.cloudpickle.register_pickle_by_value(cluster_case)
    yield
    ray.shutdown()


class TestRay(EngineTests):
    engine = "ray"

    def test_uris_are_read(self, source, expected, tmp_path):
        self.prepared(f"file://{source}", tmp_path / "shards")
        assert contents(tmp_path / "shards") == expected
