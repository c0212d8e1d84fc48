import * as tf from '@tensorflow/tfjs-core';
import type {RunRecord} from 'tfjs-autofis';
import {fm} from '../../src/models/fm';
import {inspectModel} from '../../src/record/inspect_model';
import type {RecordRunArgs} from '../../src/record/record_run';
import {asTensors, fields} from '../helpers/models';
import {flat, parts, smallRun} from '../helpers/run';
import {expectNoLeak, numbers} from '../helpers/tensors';

let run: RunRecord;
let selected: RecordRunArgs['selected'];
let probabilities: number[];
beforeAll(async () => {
  ({run, selected} = await smallRun());
  const rows = asTensors(parts.test);
  probabilities = tf.tidy(() => numbers(selected.model.predict(rows.xs) as tf.Tensor));
  rows.dispose();
});

const logit = (p: number) => Math.log(p / (1 - p));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const pairs = [
  [0, 1],
  [1, 3],
];
const users = ['ann', 'bob', 'cyd', 'dan', 'eve', 'fay'];
const nameOf = (f: number, id: number) => (f === 0 ? users[id] : `#${id}`);

/** Mean of a value over the test rows that `holds` takes. */
function meanOf(value: (row: number) => number, holds: (ids: number[]) => boolean): {rows: number; mean: number} {
  const taken = [...parts.test.ids.keys()].filter(row => holds(parts.test.ids[row]));
  return {rows: taken.length, mean: taken.reduce((sum, row) => sum + value(row), 0) / taken.length};
}

it('maps the effect of each interaction, beside the prediction without it', async () => {
  const model = fm({fields, embeddingDim: 4});
  tf.tidy(() => model.setWeights(model.getWeights().map(weight => tf.mul(weight, 30))));
  const rows = asTensors(parts.test);
  const predicted = tf.tidy(() => numbers(model.predict(rows.xs) as tf.Tensor));
  const given = {fields, test: flat(parts.test), valueNames: [users]};
  const {maps} = await inspectModel('test', {...given, model, interactions: pairs});
  expect(maps.map(map => map.interaction)).toEqual(pairs);
  for (const {interaction, rows: names, columns, cells} of maps) {
    expect(names).toHaveLength(4);
    expect(cells.some(({share}) => Math.abs(share) > 0.1)).toBe(true);
    for (const cell of cells) {
      const values = [...names[cell.row], columns[cell.column]];
      const holds = (ids: number[]) => interaction.every((f, k) => nameOf(f, ids[f]) === values[k]);
      const {rows: count, observed, share, without} = cell;
      expect(meanOf(row => parts.test.labels[row], holds)).toEqual({rows: count, mean: expect.closeTo(observed, 5)});
      expect(meanOf(row => predicted[row], holds).mean).toBeCloseTo(cell.predicted, 5);
      expect(meanOf(row => sigmoid(logit(predicted[row]) - share), holds).mean).toBeCloseTo(without, 4);
    }
  }
  [model, rows].forEach(each => each.dispose());
});

it('explains a row: its shares add up to its log-odds', () => {
  const {probability, additive, intercept, shares, others} = run.inspection.row;
  expect(shares.reduce((sum, {share}) => sum + share, intercept + others)).toBeCloseTo(logit(probability), 3);
  expect(Math.abs(probability - additive)).toBeGreaterThan(0.1);
  const sizes = shares.map(({share}) => Math.abs(share));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

it('finds values whose rows are predicted worst, and counts the rows of a second', () => {
  const {segments, rowsPerSecond} = run.inspection;
  expect(segments.worst).toHaveLength(6);
  for (const {field, value, rows, observed, predicted} of segments.worst) {
    const f = fields.findIndex(({name}) => name === field);
    const holds = (ids: number[]) => nameOf(f, ids[f]) === value;
    expect(rows).toBeGreaterThanOrEqual(segments.leastRows);
    expect(meanOf(row => parts.test.labels[row], holds)).toEqual({rows, mean: expect.closeTo(observed, 6)});
    expect(meanOf(row => probabilities[row], holds).mean).toBeCloseTo(predicted, 5);
  }
  expect(rowsPerSecond).toBeGreaterThan(0);
});

it('merges the bins of numbers, and leaves no tensor', async () => {
  const ordered = fields.map(field => ({...field, ordered: true}));
  const {model} = selected;
  await expectNoLeak(async () => {
    const given = {model, fields: ordered, test: flat(parts.test), interactions: [[0, 1]]};
    const {maps} = await inspectModel('test', given);
    expect(maps[0].rows.some(([name]) => / … /.test(name))).toBe(true);
  });
});
