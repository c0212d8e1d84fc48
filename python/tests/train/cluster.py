"""What test/python/cluster_case.ts wrote into the folder AUTOFIS_MODELS: shards, models and the settings of a run."""

import json
import os
from pathlib import Path

FOLDER = Path(os.environ["AUTOFIS_MODELS"])
SHARDS = FOLDER / "cluster-shards"
EXPECTED = json.loads((FOLDER / "cluster-expected.json").read_text())
SETTINGS = EXPECTED["settings"]
# Few and large steps, since each is many messages between processes; in the last batch each of two workers has one row.
FEW_STEPS = {**SETTINGS, "search_epochs": 1, "epochs": 1, "batch_size": 1666, "checkpoint_steps": 3}
