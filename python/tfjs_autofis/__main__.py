"""python -m tfjs_autofis keras FOLDER OUT.keras     a model of TensorFlow.js as a Keras model
python -m tfjs_autofis saved_model FOLDER OUT      ... as a SavedModel, which does not need this package;
                                                   with --vocabulary a bundle as one that takes raw values
python -m tfjs_autofis prepare --schema schema.json --source 'folder/*.parquet' --folder shards
                                                   Parquet files as shards of ids, on one machine or a cluster
python -m tfjs_autofis train MODEL SHARDS OUT --workers 2
                                                   search and retrain of a model, on one machine or several;
                                                   with --servers 2 tables may be larger than a machine
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
    for format, kind, out in (("keras", "Keras model", "file NAME.keras"), ("saved_model", "SavedModel", "folder")):
        command = commands.add_parser(format, description=f"Writes a model of TensorFlow.js as a {kind}.")
        command.add_argument("folder", help="with model.json and weights.bin, such as a bundle")
        command.add_argument("out", help=f"{out} to write")
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
        "--engine",
        default="ray",
        choices=["ray", "spark", "local"],
        help="ray (default), spark, or local: this process alone",
    )
    command.add_argument(
        "--workers", type=int, metavar="N", help="most tasks at a time; default: as many as there are cores"
    )
    command.add_argument("--rows-per-shard", type=int, default=2**18, metavar="N", help="default %(default)s")
    command.add_argument(
        "--max-rejects", type=int, default=0, metavar="N", help="most rows that may be left out, default %(default)s"
    )
    _add_train(commands)
    options = vars(parser.parse_args())
    run = {"keras": _keras, "saved_model": _saved_model, "prepare": _prepare, "train": _train}
    command = options.pop("command")
    try:
        run[command](**options)
    except KeyboardInterrupt:
        sys.exit(f"{command}: stopped.")
    except (ValueError, ImportError) as error:
        sys.exit(str(error))
    except OSError as error:
        named = error.filename is not None and error.strerror is not None
        cure = f"{command}: {error.filename}: {error.strerror}. Check the path and its permissions."
        sys.exit(cure if named else str(error))


def _add_train(commands):
    command = commands.add_parser(
        "train",
        description="Searches a model for interactions and retrains those that are kept. The result does not depend "
        "on the number of workers. After a stop the same command continues from the last checkpoint.",
    )
    command.add_argument("model", help="folder of a compiled model, saved by TensorFlow.js with includeOptimizer")
    command.add_argument("shards", help="folder of shards")
    command.add_argument("folder", metavar="out", help="folder for the result, on a disk that all workers share")
    command.add_argument(
        "--workers", type=int, metavar="N", help="processes with one device each, started by Ray; default 1, this one"
    )

    command.add_argument(
        "--servers",
        type=int,
        metavar="N",
        help="processes that hold the tables in pieces, for tables larger than one machine; all processes are then "
        "started on this machine, or by TF_CONFIG with chief, worker and ps; default: each worker holds all tables",
    )

    def number(name, default, text, kind=int):
        metavar = "N" if kind is int else "X"
        command.add_argument(name, type=kind, default=default, metavar=metavar, help=f"{text}, default %(default)s")

    number("--search-epochs", 3, "epochs of the search; with 0 the model is trained as it is")
    number("--epochs", 3, "epochs of the retrain")
    number("--batch-size", 2000, "rows of all workers in one step")
    number("--seed", 1, "decides on the order of the rows and the weights of the retrain")
    number("--strength", 1.0, "final threshold in units of alpha's start; larger closes more gates", float)
    command.add_argument(
        "--held-out", metavar="PART", help="part that alpha learns from, such as valid; default: the training rows"
    )
    command.add_argument("--test", metavar="PART", help="part that the trained model is scored on")
    number("--checkpoint-steps", 500, "steps from one checkpoint to the next")
    number("--restarts", 3, "how often lost workers, and servers, may be started again")
    number("--piece-bytes", 2**18, "least bytes of a table's piece on a server; smaller tables are not divided")


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


def _train(folder, **options):
    from .training import train

    try:
        train(folder=folder, say=lambda line: print(line, flush=True), **options)
    except KeyboardInterrupt:
        sys.exit(f"train: stopped. The same command continues from the last checkpoint in {folder}.")


if __name__ == "__main__":
    main()
