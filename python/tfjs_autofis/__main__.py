"""python -m tfjs_autofis keras FOLDER OUT.keras     a model of TensorFlow.js as a Keras model
python -m tfjs_autofis saved_model FOLDER OUT      ... as a SavedModel, which does not need this package;
                                                   with --vocabulary a bundle as one that takes raw values
python -m tfjs_autofis prepare --schema schema.json --source 'folder/*.parquet' --folder shards
                                                   Parquet files as shards of ids, on one machine or a cluster
"""

import argparse
import json
import os
import sys


def main():
    parser = argparse.ArgumentParser(
        prog="tfjs_autofis", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for format in ("keras", "saved_model"):
        command = commands.add_parser(format)
        command.add_argument("folder", help="with model.json and weights.bin")
        command.add_argument("out")
    command.add_argument(
        "--vocabulary", action="store_true", help="FOLDER is a bundle, and the SavedModel takes raw values"
    )
    command = commands.add_parser(
        "prepare", description="Fits a schema and writes shards, as `prepare` of the TypeScript package does."
    )
    command.add_argument(
        "--source", nargs="+", required=True, metavar="FILES", help="paths or URIs of Parquet files, with patterns"
    )
    command.add_argument(
        "--schema", required=True, help="schema.json; a fitted one, of a bundle or of shards, keeps its vocabularies"
    )
    command.add_argument("--folder", required=True, help="where the shards will be, on a disk that all workers share")
    command.add_argument(
        "--split", metavar="JSON", help="""a file, or text such as '{"by": "fraction", "test": 0.1, "seed": 1}'"""
    )
    command.add_argument(
        "--engine", default="ray", choices=["ray", "local"], help="ray (default), or local: this process alone"
    )
    command.add_argument(
        "--workers", type=int, metavar="N", help="most tasks at a time; default: as many as there are cores"
    )
    command.add_argument("--rows-per-shard", type=int, default=2**18, metavar="N", help="default %(default)s")
    command.add_argument(
        "--max-rejects", type=int, default=0, metavar="N", help="most rows that may be left out, default %(default)s"
    )
    options = vars(parser.parse_args())
    try:
        {"keras": _keras, "saved_model": _saved_model, "prepare": _prepare}[options.pop("command")](**options)
    except (ValueError, ImportError) as error:
        sys.exit(str(error))


def _keras(folder, out):
    from .files import load_model

    load_model(folder, compile=False).save(out)


def _saved_model(**options):
    from .saved_model import write_saved_model

    write_saved_model(**options)


def _prepare(split, **options):
    from .js_json import read_json
    from .preparation import prepare

    if split is not None:
        try:
            split = read_json(split, "prepare") if os.path.exists(split) else json.loads(split)
        except json.JSONDecodeError as error:
            raise ValueError(f"prepare: --split is neither a file nor JSON: {error}. Received: {split}.") from None
    made = prepare(split=split, **options)
    for part, about in made["manifest"]["parts"].items():
        files = len(about["files"])
        print(f"{part}: {about['rows']} rows, {about['positives']} positive, {files} file{'' if files == 1 else 's'}")
    if made["rejects"]["count"] > 0:
        print(f"{made['rejects']['count']} rows could not be used and were left out")


if __name__ == "__main__":
    main()
