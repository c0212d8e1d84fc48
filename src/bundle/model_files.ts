import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkGraph} from '../check_graph';
import {jsonFile} from './bundle_files';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.bin';

/** A model as the two files that `model.save('file://...')` writes, without its optimizer. */
export async function modelFiles(model: tfl.LayersModel): Promise<Map<string, Uint8Array>> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
    }),
  );
  const {weightData, weightSpecs, ...rest} = saved!;
  return new Map([
    [MODEL_FILE, jsonFile({...rest, weightsManifest: [{paths: [WEIGHTS_FILE], weights: weightSpecs ?? []}]})],
    [WEIGHTS_FILE, new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))],
  ]);
}

/** The model of its two files; `at` is what to call the first one. */
export async function modelFromFiles(at: string, json: unknown, weights: Uint8Array): Promise<tfl.LayersModel> {
  checkGraph(at, (json as tf.io.ModelJSON | null)?.modelTopology);
  const whole = weights.byteLength === weights.buffer.byteLength ? weights : weights.slice();
  const artifacts = await tf.io.getModelArtifactsForJSON(json as tf.io.ModelJSON, async manifest => [
    manifest.flatMap(group => group.weights),
    whole.buffer as ArrayBuffer,
  ]);
  return tfl.loadLayersModel(tf.io.fromMemory(artifacts));
}
