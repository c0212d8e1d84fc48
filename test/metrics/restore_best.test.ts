import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, RestoreBest} from 'tfjs-autofis';
import {deepFm} from 'tfjs-autofis/models';
import {asTensors, fields, plantedRows, disposeTrained} from '../helpers/models';
import {expectNoLeak, messageOf, weightValues} from '../helpers/tensors';
import {LazyAdam} from '../../optimizers/lazy_adam';
import {RestoreBestArgs} from '../../src/metrics/restore_best';

const rows = plantedRows(40, fields, [[0, 1]], 13);

/** Writes given values under `score` and keeps the weights of each epoch. */
class Script extends tfl.Callback {
  readonly seen: number[][][] = [];

  constructor(private readonly values: number[]) {
    super();
  }

  override async onEpochEnd(epoch: number, logs?: tfl.Logs): Promise<void> {
    this.seen.push(weightValues((this.model as tfl.LayersModel).weights));
    logs!['score'] = this.values[epoch];
  }
}

async function fit(script: Script, best: RestoreBest, epochs: number) {
  const data = asTensors(rows);
  const model = deepFm({
    fields,
    embeddingDim: 3,
    hiddenUnits: [4],
    seed: 2,
    optimizer: new LazyAdam({learningRate: 0.05}),
  });
  await model.fit(data.xs, data.ys, {epochs, batchSize: 8, verbose: 0, shuffle: false, callbacks: [script, best]});
  return {
    model,
    data,
    free: () => {
      disposeTrained(model);
      data.dispose();
    },
  };
}

const choose = (args: RestoreBestArgs = {}) => new RestoreBest({monitor: 'score', mode: 'max', ...args});

describe('RestoreBest', () => {
  it.each<['max' | 'min', number]>([
    ['max', 2],
    ['min', 4],
  ])('restores the weights of the %s epoch, tables of LazyAdam included', async (mode, at) => {
    const script = new Script([0.5, 0.8, 0.8, 0.1, 0.7]);
    const best = choose({mode});
    const {model, free} = await fit(script, best, 5);
    expect([best.bestEpoch, best.bestValue]).toEqual([at, mode === 'max' ? 0.8 : 0.1]);
    expect(weightValues(model.weights)).toEqual(script.seen[at - 1]);
    expect(script.seen[at - 1]).not.toEqual(script.seen[4]);
    free();
  });

  it('takes any number for better than NaN', async () => {
    const first = choose();
    const later = choose({patience: 1});
    (await fit(new Script([NaN, 0.3, 0.4]), first, 3)).free();
    (await fit(new Script([0.3, NaN, 0.4]), later, 3)).free();
    expect([first.bestEpoch, first.bestValue]).toEqual([3, 0.4]);
    expect([later.bestEpoch, later.bestValue]).toEqual([1, 0.3]);
  });

  it('leaves a model that trains on from the restored weights', async () => {
    const script = new Script([0.9, 0.1, 0.1, 0.1]);
    const {model, data, free} = await fit(script, choose(), 4);
    await model.fit(data.xs, data.ys, {epochs: 1, batchSize: 40, verbose: 0});
    const now = weightValues(model.weights);
    const distance = (a: number[][], b: number[][]) => Math.max(...a.flat().map((v, i) => Math.abs(v - b.flat()[i])));
    // One step away from the first epoch's weights; the last epoch's are fifteen steps from there.
    expect(distance(now, script.seen[0])).toBeLessThan(0.1);
    expect(distance(now, script.seen[3])).toBeGreaterThan(0.2);
    free();
  });

  it('stops after `patience` epochs without a better one, but not before `leastEpochs`', async () => {
    const run = async (args: RestoreBestArgs) => {
      const script = new Script([0.5, 0.4, 0.3, 0.6, 0.5, 0.5, 0.5, 0.5]);
      (await fit(script, choose(args), 8)).free();
      return script.seen.length;
    };
    expect(await run({patience: 2})).toBe(3);
    expect(await run({patience: 2, leastEpochs: 4})).toBe(6);
    expect(await run({})).toBe(8);
  });

  it('works on what EpochMetrics logs, without a mode', async () => {
    const {xs, ys, dispose} = asTensors(rows);
    const model = deepFm({fields, embeddingDim: 3, hiddenUnits: [4], seed: 2});
    const best = new RestoreBest();
    const {history} = await model.fit(xs, ys, {
      epochs: 3,
      verbose: 0,
      shuffle: false,
      callbacks: [new EpochMetrics({data: {xs, ys}}), best],
    });
    expect(best.bestValue).toBe(Math.max(...(history['val_auc'] as number[])));
    model.dispose();
    dispose();
  });

  it("takes tfjs's own logs, too", async () => {
    const {xs, ys, dispose} = asTensors(rows);
    const model = deepFm({fields, embeddingDim: 3, hiddenUnits: [4], seed: 2});
    const best = new RestoreBest({monitor: 'val_loss'});
    const {history} = await model.fit(xs, ys, {
      epochs: 3,
      verbose: 0,
      shuffle: false,
      validationData: [xs, ys],
      callbacks: [best],
    });
    expect(best.bestValue).toBeCloseTo(Math.min(...(history['val_loss'] as number[])), 6);
    model.dispose();
    dispose();
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(async () => (await fit(new Script([0.1, 0.9, 0.2]), choose(), 3)).free());
  });

  it('refuses logs without the monitor', async () => {
    const message = await messageOf(() => fit(new Script([0.5]), choose({monitor: 'val_auc'}), 1));
    expect(message).toBe(
      'RestoreBest: the logs have no "val_auc". Received: loss, score. ' +
        'Put EpochMetrics, or the callback that computes it, before RestoreBest in `callbacks`.',
    );
  });

  it.each<[RestoreBestArgs, string]>([
    [
      {monitor: 'val_score'},
      "RestoreBest: `mode` must be 'max' if a larger \"val_score\" is better, else 'min'. Received: none.",
    ],
    [
      {monitor: 'val_calibration'},
      "RestoreBest: `mode` must be 'max' if a larger \"val_calibration\" is better, else 'min'. Received: none.",
    ],
  ])('refuses %j', (args, message) => {
    expect(() => new RestoreBest(args)).toThrow(new Error(message));
  });
});
