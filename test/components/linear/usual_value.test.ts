import {seededRandom} from '../../../src/random';
import {OneHotDesign} from '../../../src/components/linear/one_hot_design';
import {usualValue} from '../../../src/components/linear/usual_value';

const ROWS = 400;

describe('usualValue', () => {
  it('lists the rows with another value than the usual one', () => {
    expect(usualValue(Int32Array.of(7, 7, 5, 7, 7, 7, 9, 7, 7))).toEqual({
      usual: 7,
      rows: Int32Array.of(2, 6),
      at: Int32Array.of(5, 9),
    });
  });

  it('is of fields of which at most a quarter of the rows have another value', () => {
    expect(usualValue(Int32Array.of(3, 3, 4, 3))).not.toBeNull();
    expect(usualValue(Int32Array.of(3, 3, 4, 3, 4, 3, 3))).toBeNull();
    expect(usualValue(new Int32Array(0))).toBeNull();
  });
});

it('products of fields with and without a usual value are those of the one-hot matrix', () => {
  const random = seededRandom(5);
  const sizes = [3, 4, 2, 5, 6, 3];
  // Of the first, third and fourth field one value is rare, common, or the only one.
  const shares = [0.1, 0.9, 0.02, 0, 0.9, 0.9];
  const ids = Int32Array.from({length: ROWS * sizes.length}, (_, i) => {
    const f = i % sizes.length;
    return random() < shares[f] ? Math.floor(random() * sizes[f]) : 1;
  });
  const fields = sizes.map((size, f) => ({name: `f${f}`, size}));
  const design = OneHotDesign.of('test', ids, fields);
  const starts = sizes.map((_, f) => sizes.slice(0, f).reduce((a, b) => a + b, 0));
  const v = Float64Array.from({length: design.features + 1}, () => random() - 0.5);
  const c = Float64Array.from({length: ROWS}, random);
  const product = new Float64Array(ROWS);
  const [sums, target] = [new Float64Array(v.length), new Float64Array(v.length).fill(2)];
  for (let row = 0; row < ROWS; row++) {
    const ones = [...sizes.keys()].map(f => starts[f] + ids[row * sizes.length + f]);
    for (const at of [...ones, design.features]) {
      product[row] += v[at];
      sums[at] += c[row];
    }
  }
  design.addTransposed(c, target);
  const diagonal = design.diagonal(c);
  design.times(v).forEach((x, row) => expect(x).toBeCloseTo(product[row], 12));
  sums.forEach((x, j) => {
    expect(target[j]).toBeCloseTo(2 + x, 10);
    expect(diagonal[j]).toBeCloseTo(x, 10);
  });
});
