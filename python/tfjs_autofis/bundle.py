"""Folders of bundles, whose bundle.json lists every file with its SHA-256."""

import hashlib
from pathlib import Path

from .js_json import read_json


def hash_files(paths):
    """SHA-256 of the joined content of files, in hexadecimal; an OSError where one cannot be read."""
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            while piece := file.read(2**20):
                digest.update(piece)
    return digest.hexdigest()


def check_listed(folder, names, where):
    """Check that files of a bundle are those that were saved; a folder without a bundle.json is not checked."""
    path = Path(folder) / "bundle.json"
    if not path.is_file():
        return
    listed = {file["name"]: file["sha256"] for file in read_json(path, where).get("files", [])}
    for name in names:
        try:
            changed = name in listed and hash_files([path.with_name(name)]) != listed[name]
        except OSError as error:
            raise ValueError(
                f"{where}: {error.filename} cannot be read: {error.strerror}. Copy the whole folder again."
            ) from None
        if changed:
            raise ValueError(
                f"{where}: {path.with_name(name)} has changed since it was saved (its SHA-256 differs from that in "
                "bundle.json). Copy the whole folder again."
            )


def bundle_cure(folder, name, cure):
    """What helps where `folder` lacks the file `name`: the bundle in the folder of a run, else `cure`."""
    bundle = Path(folder) / "bundle"
    return f"Give {bundle}." if (bundle / name).is_file() else cure
