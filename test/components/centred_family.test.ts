import {AdditiveLogit} from '../../src/components/additive_logit';
import {centred} from '../../src/components/centred_family';
import type {FittedFamily} from '../../src/components/family';

const fields = [{name: 'a', size: 3}];
const rows = {ids: Int32Array.of(0, 1, 2, 2), labels: Float32Array.of(0, 1, 0, 1)};
/** Two components of one field and their linear part: 5, 1 and -2 above their values. */
const family: FittedFamily = {
  components: [
    {type: 'values', field: 0},
    {type: 'cells', interaction: [0, 1]},
    {type: 'linear', of: 'cells'},
  ],
  columns: ({ids}) => [5, 1, -2].map((offset, c) => Float32Array.from(ids, id => offset + (c + 1) * id)),
  addTo: (logit, alpha) => logit.addBias(5 * alpha[0] + alpha[1] - 2 * alpha[2]),
  dispose: () => undefined,
};

describe('centred', () => {
  it('moves the means of components into the linear part, and leaves their sum as it was', () => {
    const [sums, moved] = [family, centred(family, rows)].map(each => each.columns(rows));
    const mean = (column: Float32Array) => column.reduce((sum, x) => sum + x, 0) / column.length;
    expect(moved.slice(0, 2).map(mean)).toEqual([0, 0]);
    rows.ids.forEach((_, i) =>
      expect(moved.reduce((sum, column) => sum + column[i], 0)).toBeCloseTo(
        sums.reduce((sum, column) => sum + column[i], 0),
        5,
      ),
    );
  });

  it('folds the same shifts into a model, times the gates', () => {
    const alpha = [0.5, 2, 1];
    const logit = new AdditiveLogit(fields, {kernel: new Float64Array(3), bias: 0});
    centred(family, rows).addTo(logit, alpha);
    // The values of id 0, which have no other part.
    const zero = centred(family, rows).columns({ids: Int32Array.of(0), labels: Float32Array.of(0)});
    expect(logit.bias).toBeCloseTo(
      zero.reduce((sum, column, c) => sum + alpha[c] * column[0], 0),
      5,
    );
  });

  it('weighs rows, and leaves a family without a linear part alone', () => {
    const [first] = centred(family, {...rows, weights: Float32Array.of(1, 0, 0, 0)}).columns(rows);
    expect([...first]).toEqual([0, 1, 2, 2]);
    const products = {...family, components: family.components.slice(0, 2)};
    expect(centred(products, rows)).toBe(products);
  });
});
