import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkKeys} from '../checks';
import {NamedWeight, namedWeights, withoutWeights} from '../tfjs_internals';
import {pathOf, writeModel} from './file_system';

/** Numbers that are read from a weight at once: 16 MB. */
const CHUNK = 4e6;

/**
 * Save a model as `model.save(url)` does, the same files byte for byte, without a copy of all weights in JavaScript.
 *
 * `model.save` reads every weight into an array and then joins the arrays: two copies of a table beside the table
 * itself, 1.3 GB for 10 M x 16, and as much again for each of Adam's moments. Here 16 MB at a time go from the backend
 * to the file.
 *
 * @param url `file://` and a folder, absolute or relative to the current one. Parent folders are made; a reader never
 *     sees a file half-written.
 * @param options `includeOptimizer` also saves the optimizer, as in `model.save`; default false.
 * @throws AutofisError on another `url` or option, or where a file has the folder's name.
 */
export async function saveModel(
  model: tfl.LayersModel,
  url: string,
  options: {includeOptimizer?: boolean} = {},
): Promise<void> {
  checkKeys('saveModel', options, ['includeOptimizer']);
  const {includeOptimizer = false} = options;
  const folder = pathOf('saveModel', url);
  const weights = namedWeights(model);
  const optimizer = includeOptimizer ? model.optimizer : null;
  const slots = optimizer == null ? [] : await optimizer.getWeights();
  try {
    const specs = [
      ...weights.map(weight => specOf(weight)),
      ...slots.map(slot => ({...specOf(slot), group: 'optimizer' as const})),
    ];
    await writeModel(
      folder,
      {...(await artifactsOf(model, includeOptimizer)), weightSpecs: specs},
      weightBytes([...weights, ...slots]),
    );
  } finally {
    // Moments are the optimizer's own; a number like the step is a tensor made for us.
    tf.dispose(slots.map(({tensor}) => tensor).filter(tensor => !(tensor instanceof tf.Variable) && !tensor.kept));
  }
}

/** Return the artifacts that `model.save` hands to its handler, without the weights. */
async function artifactsOf(model: tfl.LayersModel, includeOptimizer: boolean): Promise<tf.io.ModelArtifacts> {
  let artifacts!: tf.io.ModelArtifacts;
  await withoutWeights(model).save(
    tf.io.withSaveHandler(async given => {
      artifacts = given;
      return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given)};
    }),
    {includeOptimizer},
  );
  return artifacts;
}

function specOf({name, tensor: {shape, dtype}}: NamedWeight): tf.io.WeightsManifestEntry {
  return {name, shape, dtype: dtype as 'float32' | 'int32' | 'bool'};
}

/** The weights' values, one after another, little-endian as the format has them. */
export async function* weightBytes(weights: NamedWeight[], chunk = CHUNK): AsyncGenerator<Uint8Array> {
  for (const {tensor} of weights) {
    for (let from = 0; from < tensor.size; from += chunk) {
      const part = tf.tidy(() => tf.slice(tf.reshape(tensor, [-1]), [from], [Math.min(chunk, tensor.size - from)]));
      const values = part.dataSync();
      part.dispose();
      yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    }
  }
}
