import type * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../../errors';
import {replaceFile} from '../../runtime/file_system';
import {translate} from '../program/translate';
import {onnxModel} from './graph';
import {encodeModel} from './schema';

/** What a protobuf message can hold. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Gives the bytes of a trained model's .onnx file, for a session in the same process; {@link writeOnnx} writes them.
 *
 * @throws AutofisError as {@link writeOnnx} does.
 *
 * ```ts
 * const session = await InferenceSession.create(onnxBytes(slim));
 * ```
 */
export function onnxBytes(model: tfl.LayersModel): Uint8Array {
  return bytesOf('onnxBytes', model);
}

/**
 * Writes a trained model as ONNX (opset 13): gates folded, embeddings as Gather. Inputs and outputs have the names that
 * they have in `model`, and a free batch; ids are int32 [batch, W], which nothing checks any more.
 *
 * Errors: a layer or option that cannot be exported, by name; weights of more than 2 GB.
 *
 * ```ts
 * await writeOnnx('model.onnx', slim);
 * ```
 */
export async function writeOnnx(file: string, model: tfl.LayersModel): Promise<void> {
  await replaceFile(file, bytesOf('writeOnnx', model));
}

function bytesOf(where: string, model: tfl.LayersModel): Uint8Array {
  const proto = onnxModel(model.name, translate(where, model));
  const bytes = proto.graph.initializer.reduce((sum, {rawData}) => sum + rawData.length, 0);
  if (bytes > MOST_BYTES - 1e6) {
    throw new AutofisError(
      `${where}: the weights take ${bytes} bytes, but an ONNX file holds at most ${MOST_BYTES}. Export a graph model.`,
    );
  }
  return encodeModel(proto);
}
