import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {autoDeepFm} from '../../models/auto_deep_fm';
import {seededRandom} from '../../random';
import {SearchStage} from '../../stages/search';

const FIELDS = Array.from({length: 10}, (_, i) => ({name: `field ${i}`, size: 50}));
const ROWS = 1024;
const STEPS = 6;

/** A few steps of a search: they fail where the backend lacks a kernel. The fastest one is reported. */
export async function trySearch(): Promise<{training: string | null; stepMs: number | null}> {
  const random = seededRandom(1);
  const ids = tf.tensor2d(
    Int32Array.from({length: ROWS * FIELDS.length}, () => Math.floor(random() * 50)),
    [ROWS, FIELDS.length],
    'int32',
  );
  const labels = tf.tensor2d(
    Float32Array.from({length: ROWS}, () => Math.round(random())),
    [ROWS, 1],
  );
  const model = autoDeepFm({fields: FIELDS, embeddingDim: 8, hiddenUnits: [32], seed: 1});
  const ends = [performance.now()];
  const warn = console.warn;
  console.warn = () => {};
  try {
    await model.fit(ids, labels, {
      epochs: STEPS,
      batchSize: ROWS,
      shuffle: false,
      verbose: 0,
      yieldEvery: 'never',
      callbacks: [
        new SearchStage({method: {type: 'grda'}}),
        new tfl.CustomCallback({
          onEpochEnd: async () => {
            ends.push(performance.now());
          },
        }),
      ],
    });
    return {training: null, stepMs: Math.min(...ends.slice(1).map((end, i) => end - ends[i]))};
  } catch (error) {
    return {training: (error as Error).message.split('\n')[0], stepMs: null};
  } finally {
    console.warn = warn;
    tf.dispose([ids, labels]);
    model.dispose();
  }
}
