import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkKeys} from '../../checks';
import {AutofisError} from '../../errors';
import {replaceFile} from '../../runtime/replace_file';
import {checkFitted, type FittedSchema, fieldSpecs} from '../../schema/vocabulary';
import type {Program} from '../program/program';
import {translate} from '../program/translate';
import {onnxModel} from './graph';
import {encodeModel} from './schema';

/** Maximum size of a protobuf message, in bytes. */
const MOST_BYTES = 2 ** 31 - 1;

export interface OnnxOptions {
  /**
   * The schema that gives the model its ids, as a bundle holds it: the file then takes raw values, one input a field,
   * [batch] each, in place of ids. A categorical field takes text ("" where it is missing), a numeric one a double (NaN
   * where it is missing). ONNX has no dates, hashes and lists; such fields take the int32 ids that `RowEncoder` gives,
   * a list as [batch, width].
   */
  fitted?: FittedSchema;
  /**
   * True to read a categorical field as int64 where all values of its vocabulary are whole numbers: "5", not "05". Ids
   * of users and items are such fields. A missing value is then a whole number among the rule's `missing`, such as
   * "-1". Default false; requires `fitted`.
   */
  integers?: boolean;
}

/**
 * Give the bytes of a trained model's .onnx file, for a session in the same process; {@link writeOnnx} writes them.
 *
 * @throws AutofisError as {@link writeOnnx} does.
 *
 * @example
 * const session = await InferenceSession.create(onnxBytes(slim));
 */
export function onnxBytes(model: tfl.LayersModel, options: OnnxOptions = {}): Uint8Array {
  return bytesOf('onnxBytes', model, options);
}

/**
 * Write a trained model as ONNX (opset 13): gates folded, embeddings as Gather. Inputs and outputs have the names that
 * they have in `model`, and take any batch size. Ids are int32 [batch, W], and are not checked. With `fitted` the
 * inputs are raw values. Creates the file's folder.
 *
 * @throws AutofisError on a layer or option that cannot be exported, weights of more than 2 GB, a model that
 * does not read the ids of `fitted`, or an output with the name of a field.
 * @example
 * await writeOnnx('model.onnx', slim);
 * await writeOnnx('raw.onnx', bundle.model, {fitted: bundle.fitted});
 */
export async function writeOnnx(file: string, model: tfl.LayersModel, options: OnnxOptions = {}): Promise<void> {
  const bytes = bytesOf('writeOnnx', model, options);
  await mkdir(path.dirname(file), {recursive: true});
  await replaceFile(file, bytes);
}

function bytesOf(where: string, model: tfl.LayersModel, options: OnnxOptions): Uint8Array {
  checkKeys(where, options, ['fitted', 'integers']);
  const {fitted, integers = false} = options;
  checkChoice(where, 'integers', integers, [true, false]);
  if (integers && fitted === undefined) {
    throw new AutofisError(
      `${where}: \`integers\` needs \`fitted\`, whose values become inputs. Received: none. Give the bundle's schema.`,
    );
  }
  const program = translate(where, model);
  if (fitted !== undefined) checkRaw(where, program, checkFitted(fitted));
  const proto = onnxModel(model.name, program, fitted, integers);
  const bytes = proto.graph.initializer.reduce((sum, {rawData}) => sum + rawData.length, 0);
  if (bytes > MOST_BYTES - 1e6) {
    throw new AutofisError(
      `${where}: the weights take ${bytes} bytes, but an ONNX file holds at most ${MOST_BYTES}. Export a graph model.`,
    );
  }
  return encodeModel(proto);
}

/** Check that the schema gives the ids that the program reads, and its names are free. */
function checkRaw(where: string, {inputs, outputs}: Program, fitted: FittedSchema): void {
  const columns = fieldSpecs(fitted).reduce((sum, {width}) => sum + (width ?? 1), 0);
  const shapes = inputs.map(({value}) => `[batch, ${value.shape.join(', ')}]`).join(', ');
  if (shapes !== `[batch, ${columns}]`) {
    throw new AutofisError(
      `${where}: with \`fitted\` the model must have one input [batch, ${columns}], the ids of its fields. ` +
        `Received: ${shapes}. Give the schema that the model was trained with.`,
    );
  }
  const taken = outputs.find(({name}) => fitted.fields.some(field => field.name === name));
  if (taken === undefined) return;
  throw new AutofisError(
    `${where}: the output ${taken.name} has the same name as a field of \`fitted\`, an input. Rename the field.`,
  );
}
