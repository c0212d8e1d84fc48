import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {lazyAdam} from 'tfjs-autofis';
import {ffm, fm} from 'tfjs-autofis/models';
import {plainTrainer, trainBySchedule, TrainingJob} from '../../src/components/products/trainer';
import type {LabeledRows} from '../../src/training/rows';
import {seededRandom} from '../../src/random';
import {TrainingThreads} from '../../src/runtime/training_threads';
import {expectNoLeak} from '../helpers/tensors';

const fields = [
  {name: 'user', size: 7},
  {name: 'tags', size: 5, width: 2, combiner: 'mean' as const},
  {name: 'item', size: 6},
];
const schedule = {batchSize: 32, epochs: 2, learningRate: 0.02};

function rows(id = 5): LabeledRows {
  const random = seededRandom(1);
  const draw = (size: number) => Math.floor(random() * size);
  const ids = Array.from({length: 300}, () => [draw(7), draw(5), draw(6) - 1, draw(6)]);
  ids[299][3] = id;
  return {
    xs: tf.tensor2d(ids, undefined, 'int32'),
    ys: tf.tensor2d(ids.map(([user, , , item]) => [(user + item) % 2])),
    weights: tf.tensor1d(ids.map((_, i) => i % 3)),
  };
}

/** Notes what callbacks receive. */
class Noting extends tfl.Callback {
  readonly heard: string[] = [];

  constructor(private readonly fails = false) {
    super();
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.heard.push(`begin ${epoch}`);
  }

  override async onBatchEnd(batch: number, logs: tfl.Logs = {}): Promise<void> {
    if (this.fails) throw new Error('stop here');
    this.heard.push(`${batch}: ${(logs['loss'] as number).toFixed(6)}`);
  }

  override async onEpochEnd(epoch: number, logs: tfl.Logs = {}): Promise<void> {
    this.heard.push(`end ${epoch}: ${(logs['loss'] as number).toFixed(6)}`);
  }
}

/** A model to train. */
interface Kind {
  name: string;
  build(): tfl.LayersModel;
}

const common = {fields, embeddingDim: 4, seed: 3};
const ridge: Kind = {
  name: 'FFM',
  build: () => ffm({...common, tableL2: 0.01, optimizer: lazyAdam({exact: true})}),
};
const lookedUp: Kind = {
  name: 'FM',
  build: () => fm({...common, l2: 0.02, optimizer: lazyAdam({exact: true})}),
};

/** Trains by a trainer: the weights, and what a callback received. */
async function trained(form: Kind, train: LabeledRows, trainer = plainTrainer, noting = new Noting()) {
  const model = form.build();
  const note = (job: TrainingJob) => trainer({...job, callbacks: [...job.callbacks, noting]});
  try {
    await trainBySchedule(note, {name: form.name, purpose: 'base', model, train, schedule, seed: 2});
    return {weights: model.getWeights().map(weight => Array.from(weight.dataSync())), heard: noting.heard};
  } finally {
    model.dispose();
  }
}

describe('TrainingThreads', () => {
  let threads: TrainingThreads;
  beforeAll(() => {
    threads = new TrainingThreads({size: 2});
  });
  afterAll(() => threads.close());

  it('trains several models at once to the weights of one thread, and tells callbacks the same', async () => {
    await expectNoLeak(async () => {
      const train = rows();
      const forms = [ridge, lookedUp, ridge];
      const here = await Promise.all(forms.map(form => trained(form, train)));
      const there = await Promise.all(forms.map(form => trained(form, train, threads.trainer)));
      expect(there).toEqual(here);
      expect(here[0].heard[0]).toBe('begin 0');
      expect(here[0].heard).toHaveLength(2 * (2 + 7));
      tf.dispose(train as never);
    });
  });

  it('ends a training whose callback fails, or whose rows are wrong, and continues with the next', async () => {
    const [train, wrong] = [rows(), rows(6)];
    await expect(trained(ridge, train, threads.trainer, new Noting(true))).rejects.toThrow('stop here');
    await expect(trained(ridge, wrong, threads.trainer)).rejects.toThrow(/id 6 of field "item" is out of range/);
    expect((await trained(ridge, train, threads.trainer)).weights).toEqual((await trained(ridge, train)).weights);
    tf.dispose([train, wrong] as never);
  });

  it('says of each training, running or waiting, that it was ended with its thread', async () => {
    const train = rows();
    const own = new TrainingThreads({size: 1});
    const ended = [ridge, lookedUp].map(form =>
      expect(trained(form, train, own.trainer)).rejects.toThrow(
        `the thread that trained ${form.name} ended. Begin the training again.`,
      ),
    );
    await own.close();
    await Promise.all(ended);
    tf.dispose(train as never);
  });

  it('names a wrong size', () => {
    expect(() => new TrainingThreads({size: 0})).toThrow(
      'TrainingThreads: `size` must be an integer >= 1. Received: 0.',
    );
  });
});
