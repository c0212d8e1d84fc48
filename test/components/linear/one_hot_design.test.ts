import {seededRandom} from '../../../src/random';
import {OneHotDesign} from '../../../src/components/linear/one_hot_design';

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
  design.addProduct(c, v, product);
  product.forEach((x, j) => expect(x).toBeCloseTo(products[j], 9));
});
