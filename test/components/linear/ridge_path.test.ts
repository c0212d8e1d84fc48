import {lr} from '../../../src/models/lr';
import {seededRandom} from '../../../src/random';
import {linearModel} from '../../../src/components/linear_model';
import {linearLogits, ridgePath} from '../../../src/components/linear/ridge_path';
import {sigmoid} from '../../../src/logistic';
import * as tf from '@tensorflow/tfjs-core';
import {logitsOf} from '../../helpers/tensors';

const fields = [
  {name: 'a', size: 4},
  {name: 'tags', size: 5, width: 3, combiner: 'mean' as const},
  {name: 'b', size: 3},
];
const random = seededRandom(5);
const ROWS = 400;
const ids = Int32Array.from(
  Array.from({length: ROWS}, () => {
    const tags = Array.from({length: 3}, (_, k) => (k === 0 || random() < 0.5 ? Math.floor(random() * 5) : -1));
    return [Math.floor(random() * 4), ...tags, Math.floor(random() * 3)];
  }).flat(),
);
const labels = Float32Array.from({length: ROWS}, (_, i) =>
  random() < sigmoid(ids[5 * i] - 1.5 + (ids[5 * i + 4] === 2 ? 1 : 0)) ? 1 : 0,
);

/** A row of the design: the shares of its features, fields one after another. */
function features(i: number): Map<number, number> {
  const [a, ...rest] = ids.subarray(5 * i, 5 * i + 5);
  const tags = rest.slice(0, 3).filter(id => id >= 0);
  const row = new Map([
    [a, 1],
    [9 + rest[3], 1],
  ]);
  tags.forEach(tag => row.set(4 + tag, (row.get(4 + tag) ?? 0) + 1 / tags.length));
  return row;
}

describe('ridgePath', () => {
  const some = Float32Array.from({length: ROWS}, (_, i) => i % 4);
  it.each([
    [undefined, false],
    [some, false],
    [undefined, true],
    [some, true],
  ])('ends where the gradient is 0, weights %#, first field ordered: %s', (weights, ordered) => {
    const read = [{...fields[0], ordered}, ...fields.slice(1)];
    for (const {ridge, kernel, bias} of ridgePath({ids, labels, weights}, read, [30, [10, 1, 0.1], 0.01])) {
      const own = typeof ridge === 'number' ? [ridge, ridge, ridge] : ridge;
      const gradient = kernel.map((w, j) => own[[4, 9, 12].findIndex(end => j < end)] * w);
      if (ordered) {
        const [, a, b, c] = kernel;
        gradient.set([own[0] * (2 * a - b), own[0] * (2 * b - a - c), own[0] * (c - b)], 1);
      }
      let ofBias = 0;
      let size = 0;
      for (let i = 0; i < ROWS; i++) {
        const row = features(i);
        let z = bias;
        row.forEach((share, f) => {
          z += share * kernel[f];
        });
        const residual = (weights?.[i] ?? 1) * (sigmoid(z) - labels[i]);
        row.forEach((share, f) => {
          gradient[f] += share * residual;
        });
        ofBias += residual;
        size += Math.abs(residual);
      }
      // Of a sum of some 150 the remaining part.
      expect(Math.max(...gradient.map(Math.abs), Math.abs(ofBias))).toBeLessThan(2e-3 * size);
    }
  });

  it('shrinks towards the mean rate as the penalty grows', () => {
    const [strong] = ridgePath({ids, labels}, fields, [1e7]);
    const rate = labels.reduce((a, b) => a + b) / ROWS;
    expect(Math.max(...strong.kernel.map(Math.abs))).toBeLessThan(1e-4);
    expect(sigmoid(strong.bias)).toBeCloseTo(rate, 4);
  });

  it('gives a bin without rows a weight between those of its neighbours', () => {
    const bins = Int32Array.from({length: 300}, (_, i) => [1, 2, 4, 5][i % 4]);
    const own = Float32Array.from(bins, (bin, i) => (i % 7 < bin ? 1 : 0));
    const [{kernel}] = ridgePath({ids: bins, labels: own}, [{name: 'amount', size: 6, ordered: true}], [1]);
    expect(kernel[3]).toBeCloseTo((kernel[2] + kernel[4]) / 2, 3);
    expect(kernel[4]).toBeGreaterThan(kernel[2] + 0.5);
  });

  it('has the same optimum with the curvature of part of the rows', () => {
    const width = 3;
    // Rows of ids, of which the rarest has some tens; three times the rows under three times the penalty are the same.
    const next = seededRandom(7);
    const own = [
      {name: 'rare', size: 3000},
      {name: 'tags', size: 20, width, combiner: 'sum' as const},
      {name: 'bin', size: 30, ordered: true},
    ];
    const rows = 99_999;
    const some = Int32Array.from({length: rows * (width + 2)}, (_, k) => {
      const column = k % (width + 2);
      if (column === 0) return Math.floor(3000 * next() ** 3);
      return column <= width ? Math.floor(20 * next()) : Math.floor(30 * next());
    });
    const truth = Array.from({length: 3000}, () => 2 * next() - 1);
    const answers = Float32Array.from({length: rows}, (_, i) =>
      next() < sigmoid(truth[some[i * (width + 2)]]) ? 1 : 0,
    );
    const thrice = {
      ids: Int32Array.from({length: 3 * some.length}, (_, k) => some[k % some.length]),
      labels: Float32Array.from({length: 3 * rows}, (_, i) => answers[i % rows]),
    };
    const [one] = ridgePath({ids: some, labels: answers}, own, [2]);
    const [three] = ridgePath(thrice, own, [6]);
    expect(Math.max(...one.kernel.map((w, j) => Math.abs(w - three.kernel[j])))).toBeLessThan(0.01);
  });

  it('gives the logits of the model lr with its weights', () => {
    const [fit] = ridgePath({ids, labels}, fields, [1]);
    const model = linearModel(fields, fit);
    const xs = tf.tensor2d(ids, [ROWS, 5], 'int32');
    const logits = logitsOf(model, xs);
    linearLogits(ids, fields, fit).forEach((z, i) => expect(logits[i]).toBeCloseTo(z, 4));
    expect(model.countParams()).toBe(lr({fields}).countParams());
    [model, xs].forEach(each => each.dispose());
  });

  it('names what does not fit', () => {
    expect(() => ridgePath({ids, labels: labels.slice(1)}, fields, [1])).toThrow(
      'ridgePath: `ids` must hold 5 ids for each label, at least one row. Received: 2000 ids, 399 labels.',
    );
    expect(() => ridgePath({ids: ids.map(id => id + 9), labels}, fields, [1])).toThrow(
      /^ridgePath: id \d+ of field "\w+" is out of range in row 0 of the batch, column 0\./,
    );
    expect(() =>
      linearLogits(
        ids.map(id => id + 9),
        fields,
        {kernel: new Float64Array(9), bias: 0},
      ),
    ).toThrow(/^linearLogits: id \d+ of field "\w+" is out of range in row 0/);
    const twos = Float32Array.from(labels, (_, i) => (i === 7 ? 2 : 0));
    expect(() => ridgePath({ids, labels: twos}, fields, [1])).toThrow(
      'ridgePath: `labels[7]` must be 0 or 1. Received: 2.',
    );
    const weights = twos.map(label => 1 - label / 2);
    expect(ridgePath({ids, labels: twos, weights}, fields, [1])).toHaveLength(1);
  });
});
