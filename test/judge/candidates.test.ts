import {aucDifference} from 'tfjs-autofis';
import {bestOf, Chooser, Contender} from '../../src/judge/candidates';
import type {Form} from '../../src/judge/contestants';
import {seededRandom} from '../../src/random';

const random = seededRandom(7);
const labels = Float32Array.from({length: 400}, () => random() < 0.4 ? 1 : 0);
const noise = labels.map(() => random());

/** A contender whose predictions know the more of the labels the larger `skill` is; all share most of their noise. */
function contender(kept: number, skill: number, form: Form = 'gated'): Contender {
  const predictions = labels.map((y, i) => skill * y + noise[i] + 0.2 * random());
  const {difference} = aucDifference(labels, predictions, labels.map(() => 0.5));
  return {predictions, candidate: {
    strength: 1, form, kept, validation: {auc: 0.5 + difference, logloss: 0.5}, test: null, bestEpoch: 1, epochs: 1, seconds: 1,
  }};
}

const good = contender(9, 0.6), alike = contender(5, 0.595), worse = contender(2, 0.3);
const errors = (a: Contender, b: Contender) => {
  const {difference, standardError} = aucDifference(labels, b.predictions, a.predictions);
  return difference / standardError;
};

describe('Chooser', () => {
  it('takes the fewest interactions of those that are within so many standard errors of the best', () => {
    expect(errors(alike, good)).toBeLessThan(1);
    const far = errors(worse, good);
    expect(far).toBeGreaterThan(2);
    const all = [worse, good, alike];
    expect(new Chooser(labels, 1).choose(all)).toBe(alike);
    expect(new Chooser(labels, 0).choose(all)).toBe(bestOf(all));
    expect(new Chooser(labels, far * 1.001).choose(all)).toBe(worse);
    expect(new Chooser(labels, far * 0.999).choose(all)).toBe(alike);
  });

  it('takes a plain one unless a gated one is better by two standard errors', () => {
    const plain = contender(20, 0.585, 'plain'), bad = contender(1, 0.3, 'plain');
    const behind = Math.max(errors(plain, good), errors(plain, alike));
    // Outside the tolerance, yet not significantly worse.
    expect(behind).toBeGreaterThan(0);
    expect(behind).toBeLessThan(2);
    const chooser = new Chooser(labels, behind / 2);
    expect(chooser.choose([good, alike, plain, bad])).toBe(plain);
    expect(chooser.choose([good, alike, bad]).candidate.form).toBe('gated');
  });

  it('takes the best plain one where another one, which differs more, is what cannot be told from the gated one', () => {
    // Nearly the same order of rows as the gated one, so that a small difference counts; the other one has noise of its own.
    const top = contender(9, 0.6);
    const like = (skill: number, kept: number, own: number): Contender => {
      const predictions = top.predictions.map((p, i) => p - skill * labels[i] + own * random());
      const {difference} = aucDifference(labels, predictions, labels.map(() => 0.5));
      return {predictions, candidate: {...top.candidate, form: 'plain', kept, validation: {auc: 0.5 + difference, logloss: 0.5}}};
    };
    const close = like(0.003, 8, 0);
    const far = Array.from({length: 50}, () => like(0.01, 30, 0.3)).find(c => errors(c, top) > 0.8 && errors(c, top) < 2)!;
    expect(errors(close, top)).toBeGreaterThan(2);
    expect(close.candidate.validation.auc).toBeGreaterThan(far.candidate.validation.auc);
    const chooser = new Chooser(labels, 0);
    expect(chooser.near([top, close, far])).toEqual([top, close, far]);
    expect(chooser.choose([top, close, far])).toBe(close);
    expect(chooser.choose([top, close])).toBe(top);
  });

  it('takes the better one of the same size and form', () => {
    const twin = contender(5, 0.59);
    const better = bestOf([alike, twin])!;
    expect(new Chooser(labels, 3).choose([twin, alike])).toBe(better);
    expect(new Chooser(labels, 3).choose([alike, twin])).toBe(better);
  });

  it('counts as near what could be chosen', () => {
    expect(new Chooser(labels, 0).near([worse, good, alike])).toEqual([good, alike]);
    expect(new Chooser(labels, 100).near([worse, good, alike])).toEqual([worse, good, alike]);
    expect(new Chooser(labels, 0).near([])).toEqual([]);
    expect(bestOf([])).toBeNull();
  });
});
