import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldEmbedding, GatedInteraction} from 'tfjs-autofis/layers';
import {afm, autoDeepFm, autoFm, deepFm, din, ffm, finalMlp, fm, lr, ModelOptions} from 'tfjs-autofis/models';
import {saveAndLoad, disposeTrained} from '../helpers/models';
import {predictions, zooFields, zooIds} from '../helpers/plain_models';
import {expectNoLeak, weightValues} from '../helpers/tensors';
import {zoo, ZooCase} from '../helpers/zoo';
import type {SeededDropout} from '../../layers/seeded_dropout';
import {DinOptions} from '../../src/models/din';
import {FinalMlpOptions} from '../../src/models/final_mlp';

const small = {embeddingDim: 3, hiddenUnits: [5, 4], dropout: 0.3, embeddingDropout: 0.2, l2: 0.01, seed: 7};

async function train(model: tfl.LayersModel, rows: number[][]): Promise<number[][]> {
  const xs = tf.tensor2d(rows, undefined, 'int32');
  const ys = tf.tensor2d(rows.map(([user]) => [user < 2 ? 1 : 0]));
  await model.fit(xs, ys, {epochs: 1, batchSize: 8, shuffle: false, verbose: 0});
  tf.dispose([xs, ys]);
  return weightValues(model.weights);
}

describe.each(zoo)('$title', ({title, build, options, ...own}: ZooCase) => {
  const fields = own.fields?.multiHot ?? zooFields;
  const rows = zooIds(fields, 16, 31);
  const make = (changed: Partial<ModelOptions> = {}) => build({...small, fields, ...options, ...changed});

  it('starts and trains alike with the same seed, its tables start apart, and no tensor is left behind', async () => {
    await expectNoLeak(async () => {
      const [a, b, c] = [7, 7, 8].map(seed => make({seed}));
      const start = weightValues(a.weights);
      expect(weightValues(b.weights)).toEqual(start);
      const trained = await train(a, rows);
      expect(await train(b, rows)).toEqual(trained);
      // LR starts at 0 and drops nothing.
      expect(JSON.stringify(await train(c, rows)) === JSON.stringify(trained)).toBe(title === 'lr');
      const tables = a.weights.map((w, i) =>
        w.originalName.endsWith('embeddings') ? JSON.stringify(start[i]) : `${i}`,
      );
      expect(new Set(tables).size).toBe(tables.length);
      [a, b, c].forEach(model => model.dispose());
    });
  });

  it('trains the rows of tables that a batch touches, and no others', async () => {
    const model = make();
    const before = model.weights.map(w => w.read().clone());
    const xs = tf.tensor2d([rows[0], rows[0]], undefined, 'int32');
    const ys = tf.tensor2d([[1], [0.2]]);
    await model.fit(xs, ys, {epochs: 1, verbose: 0});
    model.weights.forEach((weight, i) => {
      if (!/\/(embeddings|kernel)$/.test(weight.originalName) || !/embedding|linear/.test(weight.originalName)) return;
      const moved = tf.tidy(
        () => Array.from(tf.any(tf.notEqual(weight.read(), before[i]), 1).dataSync()).filter(Boolean).length,
      );
      expect(moved).toBeGreaterThan(0);
      // In FFM a value has a row for each of three partners.
      const rowsOfValue = /ffm/i.test(title) && weight.originalName.startsWith('embedding') ? 3 : 1;
      expect(moved).toBeLessThanOrEqual(rowsOfValue * (new Set(rows[0]).size + rows[0].length));
      // DIN has one row for each of few items.
      if (title !== 'din') expect(moved).toBeLessThan(before[i].shape[0]);
    });
    tf.dispose([before, [xs, ys]]);
    model.dispose();
  });

  it('comes back from a save with its optimizer, and trains on to the same weights', async () => {
    const model = make({dropout: 0, embeddingDropout: 0});
    await train(model, rows);
    const loaded = await saveAndLoad(model, true);
    expect(predictions(loaded, rows)).toEqual(predictions(model, rows));
    expect(loaded.weights.map(w => w.originalName)).toEqual(model.weights.map(w => w.originalName));
    const [on, again] = [await train(model, rows), await train(loaded, rows)];
    again.flat().forEach((value, i) => expect(value).toBeCloseTo(on.flat()[i], 5));
    model.dispose();
    disposeTrained(loaded);
  });
});

describe('the options', () => {
  it('have the documented defaults', () => {
    const model = deepFm({fields: zooFields});
    expect(model.getLayer('embedding').outputShape).toEqual([null, 4, 16]);
    expect(model.layers.filter(l => l.name.startsWith('hidden')).map(l => l.outputShape)).toEqual([
      [null, 128],
      [null, 128],
      [null, 128],
    ]);
    expect(model.layers.some(l => l.getClassName() === 'SeededDropout')).toBe(false);
    expect([model.optimizer.getClassName(), model.optimizer.getConfig()['learningRate']]).toEqual(['LazyAdam', 0.001]);
    model.dispose();
  });

  it(
    'drop entries of embeddings in training alone, in front of all that reads them, ' + 'and of each table by itself',
    () => {
      const options: ModelOptions = {
        fields: zooFields,
        order: 'both',
        thirdOrderTable: true,
        hiddenUnits: [4],
        seed: 3,
      };
      const model = autoDeepFm({...options, embeddingDropout: 0.5});
      const whole = autoDeepFm(options);
      const rows = zooIds(zooFields, 6, 2);
      expect(predictions(model, rows)).toEqual(predictions(whole, rows));
      const drops = ['embedding_dropout', 'third_order_embedding_dropout'].map(
        name => model.getLayer(name) as SeededDropout,
      );
      expect(
        drops.map(({inboundNodes, outboundNodes}) => [
          inboundNodes[0].inboundLayers.map(({name}) => name),
          outboundNodes.map(({outboundLayer}) => outboundLayer.name),
        ]),
      ).toEqual([
        [['embedding'], ['pairs', 'flat']],
        [['third_order_embedding'], ['triples']],
      ]);
      expect(new Set(drops.map(({randomState}) => randomState)).size).toBe(2);
      [model, whole].forEach(m => m.dispose());
    },
  );

  it("take an optimizer, which stays the caller's", () => {
    const optimizer = tf.train.sgd(0.1);
    const model = lr({fields: zooFields, optimizer});
    expect(model.optimizer).toBe(optimizer);
    expect((model as unknown as {isOptimizerOwned: boolean}).isOptimizerOwned).toBe(false);
    model.dispose();
    optimizer.dispose();
  });

  it('pass on to the gates what they say of them', () => {
    const model = autoDeepFm({
      fields: zooFields,
      order: 'both',
      gate: {alphaInit: 0.2, epsilon: 0.01, batchNorm: true},
      seed: 3,
    });
    for (const name of ['pairs', 'triples']) {
      expect(model.getLayer(name).getConfig()).toMatchObject({
        alphaInit: 0.2,
        epsilon: 0.01,
        batchNorm: true,
        output: 'sum',
      });
    }
    model.dispose();
  });

  it.each<[Partial<ModelOptions> & Record<string, unknown>, string]>([
    [{hiddenUnits: 128 as never}, 'fm: `hiddenUnits` must be a list of layer sizes. Received: 128.'],
    [{pairUnits: [4] as never}, 'fm: `pairUnits` must be [hidden units, outputs]. Received: [4].'],
    [{cinUnits: []}, 'fm: `cinUnits` must be a list of numbers of feature maps. Received: [].'],
    [{order: 4 as never}, 'fm: `order` must be one of 2, 3, "both". Received: 4.'],
    [
      {thirdOrderTable: true},
      'fm: `thirdOrderTable` must be false for order 2, which has no triples. Received: true. ' +
        "Set `order` to 3 or 'both'.",
    ],
    [
      {interactions: []},
      'fm: `interactions` must be a list of field positions such as [[0, 1], [0, 2]]. Received: []. ' +
        'For a model without interactions, use `lr`.',
    ],
    [
      {interactions: [[0, 4]]},
      'fm: `interactions` must hold 2 different field positions from 0 to 3 each. Received: [0,4]. ' +
        'The input has 4 fields and the layer is of order 2.',
    ],
    [
      {interactions: [[0, 1]], order: 'both'},
      "fm: `interactions` must be left out where `order` is 'both'. Received: [[0,1]].",
    ],
    [{fields: []}, 'fm: `fields` must be a list of {name, size}, one for each field. Received: [].'],
  ])('%j are refused', (options, message) => {
    expect(() => fm({fields: zooFields, ...options})).toThrow(new Error(message));
  });

  it("of gates are checked as GatedInteraction's", () => {
    expect(() => autoFm({fields: zooFields, gate: {batchNorm: 'no' as never}})).toThrow(
      new Error('GatedInteraction: `batchNorm` must be one of true, false. Received: "no".'),
    );
  });

  it.each<[Partial<DinOptions>, string]>([
    [
      {candidate: 'C1'},
      'din: `behaviour` must be the name of a multi-hot field. Received: undefined. The choices are: ' +
        '["genres","tags"].',
    ],
    [
      {behaviour: 'C1', candidate: 'C1'},
      'din: `behaviour` must be the name of a multi-hot field. Received: "C1". The choices are: ["genres","tags"].',
    ],
    [
      {behaviour: 'tags', candidate: 'tag'},
      'din: `candidate` must be the name of a one-hot field. Received: "tag". The choices are: ["user_ID","C1"].',
    ],
    [
      {behaviour: 'tags', candidate: 'user_ID'},
      'AttentionEmbedding: the fields "tags" and "user_ID" share their ids, so their `size` must be the same. ' +
        'Received: 3 and 5.',
    ],
  ])('of DIN name its two fields: %j', (options, message) => {
    expect(() => din({fields: zooFields, ...options} as DinOptions)).toThrow(new Error(message));
  });

  it.each<[Partial<FinalMlpOptions>, string]>([
    [
      {gateFields: [['C1'], ['item']]},
      'finalMlp: `gateFields` must be two lists of names of fields. Received: [["C1"],["item"]]. ' +
        'The fields are: ["user_ID","genres","C1","tags"].',
    ],
    [
      {gateFields: [['C1']] as never},
      'finalMlp: `gateFields` must be two lists of names of fields. Received: [["C1"]]. ' +
        'The fields are: ["user_ID","genres","C1","tags"].',
    ],
    [
      {heads: 3, hiddenUnits: [6, 4]},
      'finalMlp: `heads` must divide the units of the last hidden layer, 4. Received: 3.',
    ],
  ])('of FinalMLP fit its fields and layers: %j', (options, message) => {
    expect(() => finalMlp({fields: zooFields, ...options})).toThrow(new Error(message));
  });

  it('refuse chosen interactions where a model has no such form', () => {
    expect(() => afm({fields: zooFields, interactions: [[0, 1]]})).toThrow(
      new Error('afm: `interactions` must be left out: the model has no such form. Received: [[0,1]].'),
    );
  });

  it('leave fields without interactions without embeddings where nothing else reads them', () => {
    const interactions = [[2, 0]];
    const [user, genres, c1, tags] = zooFields;
    const names = (model: tfl.LayersModel) =>
      (model.getLayer('embedding') as FieldEmbedding).embedded.map(({name}) => name);
    const [plain, deep, aware] = [fm, deepFm, ffm].map(build =>
      build({fields: zooFields, embeddingDim: 3, hiddenUnits: [4], interactions}),
    );
    expect([names(plain), names(deep)]).toEqual([[user.name, c1.name], zooFields.map(({name}) => name)]);
    expect((plain.getLayer('pairs') as GatedInteraction).interactions).toEqual([[0, 1]]);
    expect((deep.getLayer('pairs') as GatedInteraction).interactions).toEqual([[0, 2]]);
    expect(aware.getLayer('embedding').weights[0].shape).toEqual([user.size + c1.size, 3]);
    expect(plain.getLayer('linear').weights[0].shape).toEqual([user.size + genres.size + c1.size + tags.size, 1]);
    [plain, deep, aware].forEach(model => model.dispose());
  });

  it('refuse triples where a model has none', () => {
    expect(() => lr({fields: zooFields, order: 3})).toThrow(
      new Error('lr: `order` must be 2: the model has no other form. Received: 3.'),
    );
  });
});
