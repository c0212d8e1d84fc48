import {seededRandom} from '../../../src/random';
import {gramPays} from '../../../src/components/linear/gram_matrix';
import {OneHotDesign} from '../../../src/components/linear/one_hot_design';

/** Rows of one-hot fields of these sizes. */
function designOf(rows: number, sizes: readonly number[]) {
  const random = seededRandom(7);
  const ids = Int32Array.from({length: rows * sizes.length}, (_, i) => Math.floor(random() * sizes[i % sizes.length]));
  return OneHotDesign.of(
    'test',
    ids,
    sizes.map((size, f) => ({name: `f${f}`, size})),
  );
}

/** X^T diag(c) X v by passes over the rows. */
function byPasses(design: OneHotDesign, c: Float64Array, v: Float64Array): Float64Array {
  const moved = design.times(v).map((z, i) => c[i] * z);
  const target = new Float64Array(v.length);
  design.addTransposed(moved, target);
  return target;
}

it.each([
  ['one field', [3]],
  ['three', [2, 5, 3]],
  ['five and six', [4, 2, 3, 2, 6]],
  ['with nine', [3, 2, 4, 2, 3, 5, 2, 2, 3]],
])('products by the matrix are those by passes over the rows: %s', (_, sizes) => {
  const design = designOf(600, sizes);
  expect(gramPays(design)).toBe(true);
  const random = seededRandom(3);
  const c = Float64Array.from({length: design.rows}, random);
  const v = Float64Array.from({length: design.features + 1}, () => random() - 0.5);
  const target = new Float64Array(v.length).fill(1);
  design.weightedProduct(c)(v, target);
  byPasses(design, c, v).forEach((x, j) => expect(target[j]).toBeCloseTo(1 + x, 9));
});

it.each([
  ['features are many', 5000, [800, 900]],
  ['rows are few', 50, [40, 60]],
])('no matrix is formed where %s', (_, rows, sizes) => {
  expect(gramPays(designOf(rows, sizes))).toBe(false);
});

it.each([
  ['small fields, which passes join', [3, 2, 4, 2, 3, 5, 2, 2, 3], 600],
  ['a large field among small ones', [3, 1700, 2, 5], 9001],
])('passes over the rows are products with the one-hot matrix: %s', (_, sizes, rows) => {
  const random = seededRandom(11);
  const ids = Int32Array.from({length: rows * sizes.length}, (_, i) => Math.floor(random() * sizes[i % sizes.length]));
  const design = OneHotDesign.of(
    'test',
    ids,
    sizes.map((size, f) => ({name: `f${f}`, size})),
  );
  const starts = sizes.map((_, f) => sizes.slice(0, f).reduce((sum, size) => sum + size, 0));
  const featuresOf = (row: number) => [
    ...starts.map((start, f) => start + ids[row * sizes.length + f]),
    design.features,
  ];
  const v = Float64Array.from({length: design.features + 1}, () => random() - 0.5);
  const c = Float64Array.from({length: rows}, random);
  const [sums, products] = [new Float64Array(v.length), new Float64Array(v.length)];
  design.times(v).forEach((logit, row) => {
    const features = featuresOf(row);
    expect(logit).toBeCloseTo(
      features.reduce((sum, j) => sum + v[j], 0),
      12,
    );
    features.forEach(j => {
      sums[j] += c[row];
      products[j] += c[row] * logit;
    });
  });
  const target = new Float64Array(v.length);
  design.addTransposed(c, target);
  target.forEach((x, j) => expect(x).toBeCloseTo(sums[j], 9));
  design.diagonal(c).forEach((x, j) => expect(x).toBeCloseTo(sums[j], 9));
  const product = new Float64Array(v.length);
  design.weightedProduct(c)(v, product);
  product.forEach((x, j) => expect(x).toBeCloseTo(products[j], 9));
});
