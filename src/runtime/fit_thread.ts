/**
 * A thread that trains shallow models, one at a time: it is sent a {@link FitRequest} and answers with
 * {@link FitEvent}s, of which the last holds the weights or an error.
 */
import {parentPort} from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {registerAutofis} from '../register';
import {plainTrainer, trainBySchedule} from '../components/products/trainer';
import {setOptimizer} from '../tfjs_internals';
import type {FitEvent, FitRequest} from './fit_messages';
import {useBackend} from './use_backend';

const port = parentPort!;
const tell = (event: FitEvent, transfer: ArrayBuffer[] = []) => port.postMessage(event, transfer);

/** Reports each step, as callbacks get it. */
class Telling extends tfl.Callback {
  override async onEpochBegin(epoch: number): Promise<void> {
    tell({type: 'epochBegin', epoch});
  }

  override async onBatchEnd(batch: number, logs: tfl.Logs = {}): Promise<void> {
    tell({type: 'batchEnd', batch, loss: logs['loss'] as number});
  }

  override async onEpochEnd(epoch: number, logs: tfl.Logs = {}): Promise<void> {
    tell({type: 'epochEnd', epoch, loss: logs['loss'] as number});
  }
}

/** Trains one model. Exported because esbuild wraps all that an entry without exports imports. */
export async function fit({topology, weights, optimizer, rows, schedule, seed}: FitRequest): Promise<void> {
  const model = await tfl.models.modelFromJSON(topology as never);
  tf.tidy(() => model.setWeights(weights.map(({values, shape}) => tf.tensor(values, shape))));
  const adam = lazyAdam(optimizer);
  model.compile({loss: 'binaryCrossentropy', optimizer: adam});
  setOptimizer(model, adam, true);
  const {ids, labels, columns, counts} = rows;
  const train = {
    xs: tf.tensor2d(ids, [labels.length, columns], 'int32'),
    ys: tf.tensor2d(labels, [labels.length, 1]),
    ...(counts === null ? {} : {weights: tf.tensor1d(counts)}),
  };
  try {
    await trainBySchedule(job => plainTrainer({...job, callbacks: [...job.callbacks, new Telling()]}), {
      name: 'thread',
      purpose: 'slim',
      model,
      train,
      schedule,
      seed,
    });
    const trained = model.getWeights().map(weight => weight.dataSync().slice() as Float32Array<ArrayBuffer>);
    tell(
      {type: 'trained', weights: trained},
      trained.map(({buffer}) => buffer),
    );
  } finally {
    model.dispose();
    tf.dispose(train as never);
  }
}

registerAutofis();
/** The backend of this thread, chosen at its first training. Loops need tensors only to hand weights over. */
let ready: Promise<unknown> | undefined;
port.on('message', (request: FitRequest) => {
  ready ??= useBackend('cpu').catch(() => useBackend());
  void ready
    .then(() => fit(request))
    .catch((error: unknown) => tell({type: 'failed', error: error instanceof Error ? error.message : String(error)}));
});
