import {DenseBlock} from '../../../src/components/linear/dense_block';
import {OneHotDesign} from '../../../src/components/linear/one_hot_design';
import {RidgePenalty} from '../../../src/components/linear/ridge_penalty';
import {designOf, RidgeRegression} from '../../../src/components/linear/ridge_regression';
import {seededRandom} from '../../../src/random';

const fields = [
  {name: 'id', size: 30},
  {name: 'rate', size: 6, ordered: true},
  {name: 'count', size: 5, ordered: true},
];
const ROWS = 900;
const random = seededRandom(3);
const ids = Int32Array.from({length: 3 * ROWS}, (_, k) => Math.floor(fields[k % 3].size * random()));
const labels = Float32Array.from({length: ROWS}, (_, i) => (random() < (1 + ids[3 * i + 1]) / 8 ? 1 : 0));
const penalty = new RidgePenalty(fields, [3, 2, 0.5]);

it('solves the equations of the last fields and the intercept exactly, and those of others one by one', () => {
  const design = OneHotDesign.of('test', ids, fields);
  const c = Float64Array.from({length: ROWS}, () => 0.1 + random());
  const diagonal = design.diagonal(c);
  const r = Float64Array.from({length: 42}, () => random() - 0.5);
  const x = new DenseBlock(design, fields.slice(1)).preconditioner(c, diagonal, penalty)(r);
  // The block's part of (X^T diag(c) X + P) x, x being 0 elsewhere.
  const own = x.map((value, j) => (j < 30 ? 0 : value));
  const product = new Float64Array(42);
  design.addProduct(c, own, product);
  penalty.addTo(product, own);
  for (let j = 30; j < 42; j++) expect(product[j]).toBeCloseTo(r[j], 9);
  for (let j = 0; j < 30; j++) expect(x[j]).toBeCloseTo(r[j] / (diagonal[j] + 3), 12);
});

it('changes how a regression gets to its optimum, and not the optimum', () => {
  const design = designOf('test', {ids, labels}, fields);
  const [plain, block] = [null, new DenseBlock(design, fields.slice(1))].map(each =>
    new RidgeRegression(design, {labels}, fields, each).fit([3, 2, 0.5], undefined, 1e-9),
  );
  block.kernel.forEach((w, j) => expect(w).toBeCloseTo(plain.kernel[j], 3));
  expect(block.bias).toBeCloseTo(plain.bias, 3);
});
