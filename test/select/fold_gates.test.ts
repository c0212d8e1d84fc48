import type {Selection} from '../../src/stages/selection';
import {FoldGates, type FoldProducts, type FoldSet} from '../../src/select/fold_gates';
import type {GarroteRows} from '../../src/decision/gated_loss';
import {generator} from '../helpers/random';

const FOLDS = 4;
const ROWS = 1000;
const all: Selection = ['signal', 'weak', 'noise', 'more noise'].map((name, p) => ({
  gate: 0,
  order: 2,
  interaction: [0, p + 1],
  fields: ['a', name],
  alpha: 1,
  rank: p + 1,
}));

/** Rows of each fold, whose labels follow from the first two products. */
function drawnFolds(rows = ROWS, weightOf?: (row: number) => number): GarroteRows[] {
  const next = generator(5);
  const normal = () => Array.from({length: 12}, next).reduce((sum, x) => sum + x, -6);
  return Array.from({length: FOLDS}, () => {
    const products = Float32Array.from({length: rows * 4}, normal);
    const labels = Float32Array.from({length: rows}, (_, row) => {
      const logit = products[4 * row] + 0.4 * products[4 * row + 1];
      return next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    });
    const weights = weightOf && {weights: Float32Array.from({length: rows}, (_, row) => weightOf(row))};
    return {products, labels, base: new Float32Array(rows), ...weights};
  });
}

/** The same products whichever folds their model has seen. */
function productsOf(folds: GarroteRows[]): FoldProducts {
  return {folds, others: folds.map((_, fold) => folds.filter((_, k) => k !== fold))};
}

const firstSet = (gates: FoldGates) => gates.sets().next().value as FoldSet;
const namesOf = (selection: Selection) => selection.map(({fields}) => fields[1]);

describe('FoldGates', () => {
  it('keeps what the labels follow from, by all rows and by those of the other folds', () => {
    const gates = new FoldGates(productsOf(drawnFolds()), all);
    const {selection, inFolds} = firstSet(gates);
    expect(namesOf(selection)).toEqual(['signal', 'weak']);
    expect(inFolds.map(namesOf)).toEqual(Array(FOLDS).fill(['signal', 'weak']));
    expect(selection[0].alpha).toBeGreaterThan(selection[1].alpha);
  });

  it('says what each gate adds on rows that it did not learn from, closer the more rows there are', () => {
    const recordOf = (rows: number) => {
      const gates = new FoldGates(productsOf(drawnFolds(rows)), all);
      return gates.recordOf(firstSet(gates), 'FFM', 1);
    };
    const {base, by, path, chosen, sets} = recordOf(ROWS);
    expect([base, by, sets.length, sets[0].point]).toEqual(['FFM', 'folds', 1, chosen]);
    expect(path.map(({open}) => open)).toEqual([...path.map(({open}) => open)].sort((a, b) => b - a));
    const [signal, weak, noise] = sets[0].interactions;
    expect(signal.held.gain).toBeGreaterThan(weak.held.gain);
    expect(weak.held.gain).toBeGreaterThan(1.96 * weak.held.standardError);
    expect(signal.stability).toEqual({kept: 20, samples: 20});
    expect([noise.alpha, noise.kept, noise.held.gain]).toEqual([0, false, 0]);
    const few = recordOf(ROWS / 4).sets[0].interactions[0].held.standardError;
    expect(few / signal.held.standardError).toBeGreaterThan(1.6);
    expect(few / signal.held.standardError).toBeLessThan(2.5);
  });

  it('is less sure of what a gate adds where models differ by more than chance', () => {
    const {folds, others} = productsOf(drawnFolds());
    // The model of the first fold hardly knows the first interaction.
    const [first, ...rest] = folds;
    const weaker = {...first, products: first.products.map((x, i) => (i % 4 === 0 ? 0.2 * x : x))};
    const [alike, apart] = [folds, [weaker, ...rest]].map(each => {
      const gates = new FoldGates({folds: each, others}, all);
      return gates.recordOf(firstSet(gates), 'FFM', 1).sets[0].interactions.map(({held}) => held);
    });
    expect(apart[0].gain).toBeLessThan(alike[0].gain);
    expect(apart[0].standardError).toBeGreaterThan(3 * alike[0].standardError);
    expect(apart[1].standardError / alike[1].standardError).toBeCloseTo(1, 0);
  });

  it('judges a fold by gates of what other models say, not by its own', () => {
    const {folds} = productsOf(drawnFolds());
    // Models that have not seen the fold know of noise only.
    const others = folds.map(() => folds.slice(1).map(rows => ({...rows, products: rows.products.map(() => 0)})));
    const gates = new FoldGates({folds, others}, all);
    const last = [...gates.sets()].at(-1)!;
    const {selection, inFolds} = last;
    expect(namesOf(selection)).toContain('signal');
    expect(inFolds).toEqual(folds.map(() => []));
    const {interactions} = gates.recordOf(last, 'FFM', 1).sets[0];
    expect(interactions.map(({held}) => held.gain)).toEqual([0, 0, 0, 0]);
  });

  it('takes a weight of 0 for a row that is not there', () => {
    const half = drawnFolds(ROWS, row => row % 2);
    const without = half.map(({products, base, labels}): GarroteRows => {
      const own = Array.from({length: ROWS / 2}, (_, i) => 2 * i + 1);
      return {
        products: Float32Array.from(own.flatMap(row => [...products.subarray(4 * row, 4 * row + 4)])),
        base: base.subarray(0, own.length),
        labels: own.map(row => labels[row]),
      };
    });
    const [weighted, alone] = [half, without].map(folds => new FoldGates(productsOf(folds), all));
    expect(firstSet(weighted).lambda).toBe(firstSet(alone).lambda);
    const gainOf = (gates: FoldGates) => gates.recordOf(firstSet(gates), 'FFM', 1).sets[0].interactions[0].held;
    expect(gainOf(weighted).gain).toBeCloseTo(gainOf(alone).gain, 6);
    expect(gainOf(weighted).standardError).toBeCloseTo(gainOf(alone).standardError, 6);
  });
});
