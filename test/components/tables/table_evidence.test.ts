import {coarseField} from '../../../src/components/tables/coarse_field';
import {IdColumns} from '../../../src/components/tables/id_columns';
import {residualsOf, tableEvidence} from '../../../src/components/tables/table_evidence';
import {generator, integers} from '../../helpers/random';

const next = generator(3);
const ROWS = 3000;
/** Two numbers in bins, of which id 0 is a missing value and half of the second's rows have id 7; and a category. */
const fields = [
  {name: 'a', size: 41, ordered: true},
  {name: 'b', size: 33, ordered: true},
  {name: 'c', size: 3},
];
const table = {
  ids: Int32Array.from(
    Array.from({length: ROWS}, () => {
      const [a, b, c] = fields.map(({size}) => integers(next, 1, size)[0]);
      return [a, next() < 0.5 ? 7 : b, c];
    }).flat(),
  ),
  labels: Float32Array.from({length: ROWS}, () => (next() < 0.3 ? 1 : 0)),
};
const coarse = fields.map((field, f) => coarseField(table, field, f));

describe('tableEvidence', () => {
  const logits = Float64Array.from({length: ROWS}, () => Math.log(3 / 7));

  it('is the likelihood with the weights integrated out, by the best ridge', () => {
    const {push, curvature} = residualsOf(table, logits);
    const [g, h] = [push, curvature].map(values =>
      [0, 1, 2].map(value => values.reduce((sum, x, i) => (table.ids[3 * i + 2] === value ? sum + x : sum), 0)),
    );
    // The integral of exp(g w - h w^2 / 2) over w ~ N(0, 1 / ridge), by the rule of rectangles.
    const integral = (c: number, ridge: number) => {
      let sum = 0;
      const [width, step] = [12 / Math.sqrt(ridge), 1e-4 / Math.sqrt(ridge)];
      for (let w = -width; w < width; w += step)
        sum += Math.exp(g[c] * w - (h[c] * w * w) / 2 - (ridge * w * w) / 2) * step;
      return Math.log(sum * Math.sqrt(ridge / (2 * Math.PI)));
    };
    const best = Math.max(
      ...Array.from({length: 11}, (_, k) => 10 ** (-1 + k / 2)).map(ridge =>
        [0, 1, 2].reduce((sum, c) => sum + integral(c, ridge), 0),
      ),
    );
    expect(tableEvidence(new IdColumns(table), {push, curvature}, [coarse[2], coarse[2]])).toBeCloseTo(best, 6);
  });

  it('is above 3 for a pair that labels follow, and not for one of chance', () => {
    const labels = table.labels.map((label, i) => {
      const [a, b] = table.ids.subarray(3 * i, 3 * i + 2);
      return a > 20 === b > 7 && next() < 0.3 ? 1 - label : label;
    });
    const planted = {...table, labels: Float32Array.from(labels)};
    const rate = labels.reduce((sum, y) => sum + y, 0) / ROWS;
    const own = logits.map(() => Math.log(rate / (1 - rate)));
    const evidence = (rows: typeof table, z: Float64Array) =>
      tableEvidence(new IdColumns(rows), residualsOf(rows, z), [coarse[0], coarse[1]]);
    expect(evidence(planted, own)).toBeGreaterThan(10);
    expect(evidence(table, logits)).toBeLessThan(3);
  });

  it('counts rows by their weights', () => {
    const twice = {...table, weights: new Float32Array(ROWS).fill(2)};
    const [one, two] = [table, twice].map(rows => residualsOf(rows, logits));
    expect(two.push[5]).toBeCloseTo(2 * one.push[5], 12);
    expect(two.curvature[5]).toBeCloseTo(2 * one.curvature[5], 12);
  });
});
