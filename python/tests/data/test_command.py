"""The command names what is wrong with the folders that it is given, in one line and without a traceback."""

import json
import os

import pyarrow as pa
import pytest
from pyarrow import parquet

from tfjs_autofis.__main__ import main

MODEL = '{"format": "layers-model", "modelTopology": {}, "weightsManifest": []}'


@pytest.fixture
def refused(monkeypatch):
    """Runs python -m tfjs_autofis; what it says at its end."""

    def run(*args):
        monkeypatch.setattr("sys.argv", ["tfjs_autofis", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code

    return run


@pytest.mark.parametrize("options", [["keras"], ["saved_model"], ["saved_model", "--vocabulary"]])
def test_a_folder_without_a_model(refused, tmp_path, options):
    wanted = "Give the folder that model.save('file://folder') wrote, or a bundle."
    for folder in (tmp_path / "nowhere", tmp_path):
        assert refused(*options, folder, tmp_path / "out") == f"load_model: {folder} has no model.json. {wanted}"
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "model.json").write_text(MODEL)
    cure = f"Give {tmp_path / 'bundle'}."
    assert refused(*options, tmp_path, tmp_path / "out") == f"load_model: {tmp_path} has no model.json. {cure}"
    (tmp_path / "model.json").write_text('{"format": "graph-model", "modelTopology": {}}')
    assert refused(*options, tmp_path, tmp_path / "out") == (
        f"load_model: {tmp_path / 'model.json'} must be of a layers model. Received: graph-model. {wanted}"
    )
    (tmp_path / "model.json").write_text("no JSON")
    assert refused(*options, tmp_path, tmp_path / "out").startswith(f"load_model: {tmp_path}/model.json is not JSON: ")
    assert not (tmp_path / "out").exists()


def test_a_model_without_its_weights(refused, tmp_path):
    missing = MODEL.replace("[]", '[{"paths": ["weights.bin"], "weights": []}]')
    empty = '{"class_name": "Sequential", "config": {"name": "m", "layers": []}}'
    (tmp_path / "model.json").write_text(missing.replace('"modelTopology": {}', f'"modelTopology": {empty}'))
    assert refused("keras", tmp_path, tmp_path / "out") == (
        f"load_model: {tmp_path}/weights.bin cannot be read: No such file or directory. Copy the whole folder again."
    )


def test_an_interrupted_preparation_ends_in_one_line(refused, tmp_path, monkeypatch):
    parquet.write_table(pa.table({"y": [0, 1]}), tmp_path / "0.parquet")
    fields = [{"type": "categorical", "name": "y", "column": "y"}]
    (tmp_path / "schema.json").write_text(json.dumps({"version": 1, "label": {"column": "y"}, "fields": fields}))
    for error in (KeyboardInterrupt(), RuntimeError("Query interrupted")):

        def interrupted(job, block, error=error):
            raise error

        monkeypatch.setattr("tfjs_autofis.preparation.count_block", interrupted)
        options = ["--engine", "local", "--source", tmp_path / "0.parquet", "--schema", tmp_path / "schema.json"]
        assert refused("prepare", *options, "--folder", tmp_path / "shards") == "prepare: stopped."
        assert sorted(os.listdir(tmp_path)) == ["0.parquet", "schema.json"]


def test_a_place_where_nothing_can_be_written(refused, tmp_path):
    config = {"name": "d", "units": 1, "use_bias": False, "batch_input_shape": [None, 1]}
    layers = [{"class_name": "Dense", "config": config}]
    topology = {"class_name": "Sequential", "config": {"name": "m", "layers": layers}}
    weights = [{"name": "d/kernel", "shape": [1, 1], "dtype": "float32"}]
    manifest = [{"paths": ["weights.bin"], "weights": weights}]
    (tmp_path / "model.json").write_text(json.dumps({"modelTopology": topology, "weightsManifest": manifest}))
    (tmp_path / "weights.bin").write_bytes(bytes(4))
    (tmp_path / "file").touch()
    for command, place, why in [("keras", "file/out.keras", "Not a directory"), ("saved_model", "file", "File exists")]:
        message = refused(command, tmp_path, tmp_path / place)
        assert message == f"{command}: {tmp_path / place}: {why}. Check the path and its permissions."
