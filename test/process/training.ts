/**
 * One process of resume.test.ts: `tsx training.ts straight|begin|resume FOLDER` trains for both epochs, for the first
 * one, or for the second one on what `begin` saved, and writes the weights to FOLDER/PHASE.json.
 */
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, GatedInteraction, grda, partitioned, SearchStage} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';

const FIELDS = [
  {name: 'user_ID', size: 7},
  {name: 'C1', size: 5},
  {name: 'hour', size: 6},
  {name: 'origin', size: 4},
];
const ROWS = 512;
const BATCH = 64;
const EPOCHS = 2;

type Phase = 'straight' | 'begin' | 'resume';

/** Rows whose label depends on the first two fields, and on nothing random but the ids. */
function rows(): {ids: tf.Tensor2D; labels: tf.Tensor2D} {
  let state = 1;
  const next = (below: number) => (state = (state * 16807) % 2147483647) % below;
  const ids = Array.from({length: ROWS}, () => FIELDS.map(({size}) => next(size)));
  const labels = ids.map(([a, b]) => [(a + b) % 3 === 0 ? 1 : 0]);
  return {ids: tf.tensor2d(ids, undefined, 'int32'), labels: tf.tensor2d(labels)};
}

function build(optimizer: tf.Optimizer): tfl.Sequential {
  const model = tfl.sequential({name: 'fm'});
  model.add(new FieldEmbedding({name: 'embedding', fields: FIELDS, outputDim: 4, seed: 3}));
  model.add(new GatedInteraction({name: 'gate', seed: 4}));
  model.add(tfl.layers.activation({name: 'probability', activation: 'sigmoid'}));
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  return model;
}

/** Saves the model and its optimizer after the first epoch, and ends the training there. */
class SaveAndStop extends tfl.Callback {
  constructor(private readonly url: string) {
    super();
  }

  override async onEpochEnd(): Promise<void> {
    const model = this.model as tfl.LayersModel;
    await model.save(this.url, {includeOptimizer: true});
    model.stopTraining = true;
  }
}

/**
 * The weights after a phase; `search` decides whether the gates are searched or trained by a partition of optimizers.
 */
async function run(phase: Phase, url: string, search: boolean): Promise<number[][]> {
  const {ids, labels} = rows();
  const model =
    phase === 'resume'
      ? await tfl.loadLayersModel(`${url}/model.json`)
      : build(
          search
            ? tf.train.adam(0.01)
            : partitioned({
                groups: [
                  {name: 'gates', weights: [{name: 'alpha'}], optimizer: grda({learningRate: 0.1, c: 0.01, mu: 0.6})},
                  {name: 'rest', optimizer: tf.train.adam(0.01)},
                ],
              }),
        );
  await model.fit(ids, labels, {
    epochs: EPOCHS,
    initialEpoch: phase === 'resume' ? 1 : 0,
    batchSize: BATCH,
    shuffle: false,
    verbose: 0,
    callbacks: [
      ...(search ? [new SearchStage({recipe: 'paper'})] : []),
      ...(phase === 'begin' ? [new SaveAndStop(url)] : []),
    ],
  });
  return model.getWeights().map(weight => Array.from(weight.dataSync()));
}

async function main(phase: Phase, folder: string): Promise<void> {
  await useBackend();
  const url = (name: string) => pathToFileURL(path.join(folder, name)).href;
  const result = {
    partitioned: await run(phase, url('partitioned'), false),
    search: await run(phase, url('search'), true),
  };
  fs.writeFileSync(path.join(folder, `${phase}.json`), JSON.stringify(result));
}

void main(process.argv[2] as Phase, process.argv[3]);
