import {RidgePenalty} from '../../../src/components/linear/ridge_penalty';
import {seededRandom} from '../../../src/random';

const fields = [
  {name: 'plain', size: 3},
  {name: 'number', size: 13, ordered: true},
  {name: 'tags', size: 2, width: 2, combiner: 'mean' as const},
  {name: 'two bins', size: 3, ordered: true},
];
const V = 21;
/** Rows of D, of which A is D^T S D: weights of their own, and steps from the bin before. */
const steps: Array<[number, number | null]> = [
  ...[0, 1, 2, 3, 4].map((k): [number, null] => [k, null]),
  ...[5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((k): [number, number] => [k, k - 1]),
  ...[16, 17, 18, 19].map((k): [number, null] => [k, null]),
  [20, 19],
];
/** The steps of twelve bins count 12 / 8 times, those of two bins once. */
const scaleOf = (j: number) => (j >= 5 && j <= 15 ? 1.5 : 1);
const random = seededRandom(1);
const some = () => Float64Array.from({length: V + 1}, () => random() - 0.5);
const step = (w: Float64Array, [k, before]: [number, number | null]) => w[k] - (before === null ? 0 : w[before]);

/** One ridge a field, and that of each step. */
const ridges = [3, 7, 0.5, 20];
const ridgeOf = (j: number) => ridges[[3, 16, 18, V].findIndex(end => j < end)];

/** P w by its definition. */
function product(w: Float64Array): Float64Array {
  const result = new Float64Array(V + 1);
  for (const each of steps) {
    const push = ridgeOf(each[0]) * scaleOf(each[0]) * step(w, each);
    result[each[0]] += push;
    if (each[1] !== null) result[each[1]] -= push;
  }
  return result;
}

describe('RidgePenalty', () => {
  const penalty = new RidgePenalty(fields, ridges);

  it('is half the square of weights, and of steps between the bins of ordered fields, times the ridge', () => {
    const w = some();
    const squares = steps.map(each => scaleOf(each[0]) * step(w, each) ** 2);
    const want = squares.reduce((sum, square, j) => sum + (ridgeOf(j) / 2) * square, 0);
    expect(penalty.of(w)).toBeCloseTo(want, 12);
    expect(new RidgePenalty(fields, 2).of(w)).toBeCloseTo(
      squares.reduce((sum, square) => sum + square, 0),
      12,
    );
    const ofNumber = squares.slice(3, 16).reduce((sum, square) => sum + square, 0);
    expect(penalty.squares(w)[1]).toBeCloseTo(ofNumber, 12);
  });

  it('adds its gradient, which leaves the bias alone', () => {
    const [w, target] = [some(), some()];
    const want = product(w).map((x, j) => target[j] + x);
    penalty.addTo(target, w);
    target.forEach((value, j) => expect(value).toBeCloseTo(want[j], 12));
  });

  it('solves its equations', () => {
    const diagonal = some().map(x => x + 0.6);
    const r = some();
    const x = penalty.solver(diagonal)(r);
    const image = product(x).map((a, j) => a + diagonal[j] * x[j]);
    image.forEach((value, j) => expect(value).toBeCloseTo(r[j], 10));
  });

  it('counts the degrees of freedom of each field by the trace of (D + P)^-1 D', () => {
    const diagonal = some().map(x => x + 0.6);
    const traces = ridges.map(() => 0);
    for (let j = 0; j < V; j++) {
      const unit = new Float64Array(V + 1);
      unit[j] = diagonal[j];
      traces[ridges.indexOf(ridgeOf(j))] += penalty.solver(diagonal)(unit)[j];
    }
    penalty.degrees(diagonal).forEach((degrees, f) => expect(degrees).toBeCloseTo(traces[f], 10));
  });

  it('takes a slope alike, however many bins it has', () => {
    const slope = (bins: number) => {
      const w = Float64Array.from({length: bins + 2}, (_, k) => (k === 0 || k > bins ? 0 : (k - 1) / bins));
      return new RidgePenalty([{name: 'x', size: bins + 1, ordered: true}], 16).of(w);
    };
    // 16 / 2 times max(1, bins / 8) times (bins - 1) steps of 1 / bins.
    expect(slope(8)).toBeCloseTo(7 / 8, 12);
    expect(slope(128)).toBeCloseTo(127 / 128, 12);
  });
});
