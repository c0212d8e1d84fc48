"""python -m tfjs_autofis keras FOLDER OUT.keras     a model of TensorFlow.js as a Keras model
   python -m tfjs_autofis saved_model FOLDER OUT      ... as a SavedModel, which needs nothing of this package
"""

import argparse

import tensorflow as tf

from .files import load_model


def main():
    parser = argparse.ArgumentParser(prog="tfjs_autofis", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=["keras", "saved_model"])
    parser.add_argument("folder", help="with model.json and weights.bin")
    parser.add_argument("out")
    args = parser.parse_args()
    write_model(args.format, args.folder, args.out)


def write_model(format, folder, out):
    model = load_model(folder, compile=False)
    if format == "keras":
        model.save(out)
        return
    specs = [tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype, name=name) for tensor, name in zip(model.inputs, model.input_names)]

    @tf.function(input_signature=specs)
    def serve(*inputs):
        outputs = model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)
        return dict(zip(model.output_names, outputs if isinstance(outputs, (list, tuple)) else [outputs]))

    tf.saved_model.save(model, out, signatures={"serving_default": serve})


if __name__ == "__main__":
    main()
