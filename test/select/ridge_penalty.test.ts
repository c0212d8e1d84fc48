import {RidgePenalty} from '../../src/select/ridge_penalty';
import {seededRandom} from '../../src/random';

const fields = [
  {name: 'plain', size: 3},
  {name: 'number', size: 6, ordered: true},
  {name: 'tags', size: 2, width: 2, combiner: 'mean' as const},
  {name: 'two bins', size: 3, ordered: true},
];
const V = 14;
/** Rows of D, of which A is D^T D: weights of their own, and steps from the bin before. */
const steps: Array<[number, number | null]> = [
  ...[0, 1, 2, 3, 4].map((k): [number, null] => [k, null]),
  ...[5, 6, 7, 8].map((k): [number, number] => [k, k - 1]),
  ...[9, 10, 11, 12].map((k): [number, null] => [k, null]),
  [13, 12],
];
const random = seededRandom(1);
const some = () => Float64Array.from({length: V + 1}, () => random() - 0.5);
const step = (w: Float64Array, [k, before]: [number, number | null]) => w[k] - (before === null ? 0 : w[before]);

/** A w by its definition. */
function product(w: Float64Array): Float64Array {
  const result = new Float64Array(V + 1);
  for (const each of steps) {
    result[each[0]] += step(w, each);
    if (each[1] !== null) result[each[1]] -= step(w, each);
  }
  return result;
}

describe('RidgePenalty', () => {
  const penalty = new RidgePenalty(fields);

  it('is the square of weights, and of steps between the bins of ordered fields', () => {
    const w = some();
    expect(penalty.of(w)).toBeCloseTo(
      steps.reduce((sum, each) => sum + step(w, each) ** 2, 0),
      12,
    );
  });

  it('adds its gradient, which leaves the bias alone', () => {
    const [w, target] = [some(), some()];
    const want = product(w).map((x, j) => target[j] + 3 * x);
    penalty.addTo(target, w, 3);
    target.forEach((value, j) => expect(value).toBeCloseTo(want[j], 12));
  });

  it('solves its equations', () => {
    const diagonal = some().map(x => x + 0.6);
    const r = some();
    const x = penalty.solve(diagonal, 7, r);
    const image = product(x).map((a, j) => 7 * a + diagonal[j] * x[j]);
    image.forEach((value, j) => expect(value).toBeCloseTo(r[j], 10));
  });
});
