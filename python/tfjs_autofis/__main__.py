"""python -m tfjs_autofis keras FOLDER OUT.keras     a model of TensorFlow.js as a Keras model
python -m tfjs_autofis saved_model FOLDER OUT      ... as a SavedModel, which does not need this package
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
    args = parser.parse_args()
    if args.command != "prepare":
        return write_model(args.command, args.folder, args.out)
    try:
        _prepare(**{key: value for key, value in vars(args).items() if key != "command"})
    except (ValueError, ImportError) as error:
        sys.exit(str(error))


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


def write_model(format, folder, out):
    import tensorflow as tf

    from .files import load_model

    model = load_model(folder, compile=False)
    if format == "keras":
        model.save(out)
        return
    specs = [
        tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype, name=name)
        for tensor, name in zip(model.inputs, model.input_names)
    ]

    @tf.function(input_signature=specs)
    def serve(*inputs):
        outputs = model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)
        return dict(zip(model.output_names, outputs if isinstance(outputs, (list, tuple)) else [outputs]))

    tf.saved_model.save(model, out, signatures={"serving_default": serve})


if __name__ == "__main__":
    main()
