import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {fileSystem} from '../../runtime/file_system';
import {translate} from '../program/translate';
import {graphArtifacts} from './graph_def';

/**
 * Write a trained model as a tfjs graph model, model.json and weights.bin in a folder, which tfjs-converter runs
 * without tfjs-layers and without this library. Gates are folded. Inputs and outputs have the names that they have in
 * `model`, and take any batch size. Ids are int32 [batch, W], and are not checked.
 *
 * @throws AutofisError on a layer or option that cannot be exported, named in the message.
 * @example
 * await writeGraphModel('graph', slim);             // elsewhere: tf.loadGraphModel('.../graph/model.json')
 */
export async function writeGraphModel(folder: string, model: tfl.LayersModel): Promise<void> {
  const {topology, signature, specs, data} = graphArtifacts(translate('writeGraphModel', model));
  await fileSystem(`file://${path.resolve(folder)}`).save!({
    modelTopology: topology,
    format: 'graph-model',
    generatedBy: 'tfjs-autofis',
    convertedBy: null,
    signature,
    weightSpecs: specs,
    weightData: data.map(bytes => bytes.slice().buffer),
  });
}
