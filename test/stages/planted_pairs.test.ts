import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, GatedInteraction, SearchStage, SearchStageArgs} from 'tfjs-autofis';
import {questionsOf} from '../../src/stages/questions';
import {SearchRows} from '../../src/stages/search_rows';
import {fewSteps} from '../../src/stages/search_warnings';
import {trainedModel} from '../../src/tfjs_internals';
import {asTensors, Rows, disposeTrained} from '../helpers/models';
import {generator, integers, normal} from '../helpers/random';
import {captureWarnings} from '../helpers/search';

const warned = captureWarnings();
const FEW = fewSteps(120)!;
const ROWS = 4000;
const fields = Array.from({length: 5}, (_, i) => ({name: `f${i}`, size: 8}));
const fit = {epochs: 6, batchSize: 200, verbose: 0, yieldEvery: 'never'} as const;
type Ids = tf.Tensor2D;

/** Effects of single fields, and of pairs a click that depends on both values; the logit of each row. */
function planted(pairs: number[][], seed: number): {ids: number[][]; logits: number[]; next: () => number} {
  const next = generator(seed);
  const table = (size: number) => Array.from({length: size}, () => normal(next));
  const w = fields.map(({size}) => table(size));
  const v = pairs.map(() => table(64));
  const ids = Array.from({length: ROWS}, () => integers(next, fields.length, 8));
  const logits = ids.map(
    row =>
      row.reduce((sum, x, i) => sum + w[i][x], 0) +
      pairs.reduce((sum, [i, j], p) => sum + 1.5 * v[p][8 * row[i] + row[j]], 0),
  );
  return {ids, logits, next};
}

/** Clicks with the chances of planted logits. */
function clicks(pairs: number[][], seed: number): Rows {
  const {ids, logits, next} = planted(pairs, seed);
  return {ids, labels: logits.map(logit => (next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0))};
}

const PAIRS = [
  [0, 3],
  [1, 2],
];
const symbolic = (x: unknown) => x as tfl.SymbolicTensor;
const table = (seed: number) => new FieldEmbedding({fields, outputDim: 8, seed});
const ids = () => tfl.input({shape: [fields.length], dtype: 'int32'});

function compiled(model: tfl.LayersModel, loss = 'binaryCrossentropy'): tfl.LayersModel {
  model.compile({optimizer: tf.train.adam(0.01), loss});
  return model;
}

const readme = (gate: tfl.layers.Layer = new GatedInteraction({seed: 2})) =>
  compiled(
    tfl.sequential({
      layers: [
        new FieldEmbedding({fields, outputDim: 8, seed: 1, inputShape: [5]} as never),
        gate,
        tfl.layers.activation({activation: 'sigmoid'}),
      ],
    }),
  );

/** Searches a model, and disposes it. */
async function search(model: tfl.LayersModel, xs: tf.Tensor | tf.Tensor[], ys: tf.Tensor, args: SearchStageArgs = {}) {
  const stage = new SearchStage(args);
  const {history} = await model.fit(xs, ys, {...fit, callbacks: [stage]});
  expect(history['openGates'].at(-1)).toBe(stage.selection.length);
  disposeTrained(model);
  return stage;
}

const pairsOf = ({selection}: SearchStage) => selection.map(s => s.interaction).sort((a, b) => a[0] - b[0]);

/** A gate whose embeddings are bounded. */
class Bounded extends GatedInteraction {
  /** @nocollapse */
  static override className = 'Bounded';
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: never): tf.Tensor {
    return super.call(tf.tanh([inputs].flat()[0]), kwargs);
  }
}
tf.serialization.registerClass(Bounded);

/** Embeddings of tfjs itself, an input for each field. */
function stock(): tfl.LayersModel {
  const inputs = fields.map(() => tfl.input({shape: [1], dtype: 'int32'}));
  const embeddings = inputs.map((input, i) =>
    symbolic(
      tfl.layers
        .embedding({
          inputDim: 8,
          outputDim: 8,
          embeddingsInitializer: tfl.initializers.randomUniform({minval: -0.1, maxval: 0.1, seed: i + 1}),
        })
        .apply(input),
    ),
  );
  const e = symbolic(tfl.layers.concatenate({axis: 1}).apply(embeddings));
  const gate = symbolic(new GatedInteraction({seed: 9}).apply(e));
  return compiled(tfl.model({inputs, outputs: symbolic(tfl.layers.activation({activation: 'sigmoid'}).apply(gate))}));
}

/** Table and gate, of a subclass, sit in a model that is a layer of another. */
function nested(): tfl.LayersModel {
  const input = ids();
  return compiled(tfl.model({inputs: input, outputs: symbolic(readme(new Bounded({seed: 2})).apply(input))}));
}

describe('a search of data with two planted pairs of ten', () => {
  let data: ReturnType<typeof asTensors>;
  beforeAll(() => {
    data = asTensors(clicks(PAIRS, 5));
  });
  afterAll(() => data.dispose());

  it.each<[string, () => tfl.LayersModel]>([
    ['a subclass of the gate in a model in a model', nested],
    ['stock embeddings', stock],
  ])('finds exactly these: %s', async (_, make) => {
    const model = make();
    const xs = model.inputs.length === 1 ? data.xs : tf.split(data.xs, fields.length, 1);
    const stage = await search(model, xs, data.ys);
    expect(pairsOf(stage)).toEqual(PAIRS);
    for (const {open, gain, standardError} of stage.evidence)
      if (open) expect(gain).toBeGreaterThan(1.6 * standardError);
    expect(warned()).toEqual([`SearchStage: ${FEW}`]);
    if (Array.isArray(xs)) tf.dispose(xs);
  });

  it('finds them by rows of the caller', async () => {
    const [train, rest] = [0, 1].map(part => ({
      xs: tf.slice(data.xs as Ids, [3500 * part, 0], [part === 0 ? 3500 : 500, -1]),
      ys: tf.slice(data.ys as Ids, [3500 * part, 0], [part === 0 ? 3500 : 500, -1]),
    }));
    const stage = await search(readme(), train.xs, train.ys, {method: {type: 'heldOut', rows: rest}});
    expect(pairsOf(stage)).toEqual(PAIRS);
    expect(stage.evidence.filter(({open}) => open).map(({fields}) => fields)).toEqual([
      ['f0', 'f3'],
      ['f1', 'f2'],
    ]);
    tf.dispose([train, rest] as never);
  });
});

describe('what decides', () => {
  it('is whether a number is above the median', async () => {
    const {ids: rows, logits, next} = planted(PAIRS, 6);
    const data = asTensors({ids: rows, labels: logits.map(logit => logit + 1.5 * normal(next))});
    const input = ids();
    const gate = symbolic(new GatedInteraction({seed: 2}).apply(symbolic(table(1).apply(input))));
    const outputs = symbolic(tfl.layers.dense({units: 1}).apply(gate));
    const stage = await search(compiled(tfl.model({inputs: input, outputs}), 'meanSquaredError'), data.xs, data.ys);
    expect(pairsOf(stage)).toEqual(PAIRS);
    data.dispose();
  });

  it('is each class of several', async () => {
    const {ids: rows, logits} = planted(PAIRS, 7);
    const classes = logits.map(logit => Math.min(2, Math.max(0, Math.round(logit / 2 + 1))));
    const xs = tf.tensor2d(rows, [ROWS, 5], 'int32');
    const ys = tf.tensor2d(classes, [ROWS, 1]);
    const input = ids();
    const e = symbolic(table(1).apply(input));
    const gate = symbolic(new GatedInteraction({seed: 2, output: 'each'}).apply(e));
    const outputs = symbolic(
      tfl.layers
        .dense({units: 3, activation: 'softmax', kernelInitializer: tfl.initializers.glorotUniform({seed: 3})})
        .apply(gate),
    );
    const model = compiled(tfl.model({inputs: input, outputs}), 'sparseCategoricalCrossentropy');
    const stage = await search(model, xs, ys);
    // Whether a sum is in the middle class depends on pairs of its terms, too.
    expect(pairsOf(stage)).toEqual(expect.arrayContaining(PAIRS));
    expect(stage.selection.length).toBeLessThan(7);
    tf.dispose([xs, ys]);
  });

  it('is the same of one-hot labels as of numbered classes', () => {
    const classes = Array.from({length: 90}, (_, i) => [2, 2, 2, 2, 0, 0, 0, 1, 1][i % 9]);
    const numbers = {values: Float32Array.from(classes), width: 1};
    const oneHot = {values: Float32Array.from(classes.flatMap(k => [0, 1, 2].map(c => (c === k ? 1 : 0)))), width: 3};
    const questions = questionsOf(oneHot, oneHot, 3);
    expect(questions.map(({column}) => column)).toEqual([2, 0, 1]);
    expect(questions).toEqual(questionsOf(numbers, numbers, 3));
  });

  it('says nothing of labels that have no interactions: every gate closes', async () => {
    const data = asTensors(clicks([], 8));
    const stage = await search(readme(), data.xs, data.ys);
    expect(stage.selection).toEqual([]);
    expect(stage.warnings).toEqual([FEW, expect.stringMatching(/^all 10 gates are closed: on \d+ held-out rows no/)]);
    data.dispose();
  });

  it('is the rest of the model where inputs are not columns, which is said', async () => {
    const rows = clicks(PAIRS, 5);
    const onehot = tf.oneHot(tf.tensor2d(rows.ids, [ROWS, 5], 'int32'), 8);
    const ys = tf.tensor2d(rows.labels, [ROWS, 1]);
    const layers = [
      tfl.layers.dense({units: 8, inputShape: [5, 8], kernelInitializer: tfl.initializers.glorotUniform({seed: 1})}),
      new GatedInteraction({seed: 2}),
      tfl.layers.activation({activation: 'sigmoid'}),
    ];
    const stage = await search(compiled(tfl.sequential({layers})), tf.cast(onehot, 'float32'), ys);
    expect(stage.warnings).toEqual([FEW, expect.stringMatching(/^the inputs are not columns of ids or numbers/)]);
    tf.dispose([onehot, ys]);
  });
});

describe('rows that are held out', () => {
  it('take no part in the training', async () => {
    const rows = clicks(PAIRS, 9);
    const weightsAfter = async (labels: number[]) => {
      const data = asTensors({ids: rows.ids, labels});
      const model = readme();
      const stage = new SearchStage();
      await model.fit(data.xs, data.ys, {...fit, epochs: 1, shuffle: false, callbacks: [stage]});
      const values = model.trainableWeights.map(w => Array.from(w.read().dataSync()));
      model.dispose();
      data.dispose();
      return values;
    };
    const before = await weightsAfter(rows.labels);
    // Which rows these are, only the stage's own sample tells.
    const model = readme();
    const data = asTensors(rows);
    const sample = new SearchRows(trainedModel(model), true);
    await model.fit(data.xs, data.ys, {...fit, epochs: 1});
    sample.end();
    const {values} = sample.seen().held!.inputs[0];
    const held = new Set(Array.from({length: values.length / 5}, (_, i) => values.slice(5 * i, 5 * i + 5).join()));
    model.dispose();
    data.dispose();
    const flipped = rows.labels.map((y, i) => (held.has(rows.ids[i].join()) ? 1 - y : y));
    const changed = flipped.filter((y, i) => y !== rows.labels[i]).length;
    expect(Math.abs(changed / ROWS - 0.1)).toBeLessThan(0.02);
    expect(await weightsAfter(flipped)).toEqual(before);
    expect(await weightsAfter(rows.labels.map((y, i) => (i === 0 || i === 1 || i === 2 ? 1 - y : y)))).not.toEqual(
      before,
    );
  });
});
