import {auc, aucDifference, loglossDifference} from 'tfjs-autofis';
import {bestOf, RetrainCandidate, Chooser, Contender} from '../../src/select/candidates';
import {seededRandom} from '../../src/random';

const random = seededRandom(7);
const labels = Float32Array.from({length: 400}, () => (random() < 0.4 ? 1 : 0));
const noise = labels.map(() => random());

/** A contender whose predictions know the more of the labels the larger `skill` is; all share most of their noise. */
function contender(kept: number, skill: number, form: RetrainCandidate['form'] = 'gated'): Contender {
  const predictions = labels.map((y, i) => skill * y + noise[i] + 0.2 * random());
  const {difference} = aucDifference(
    labels,
    predictions,
    labels.map(() => 0.5),
  );
  return {predictions, shortened: false, candidate: {form, kept, validation: {auc: 0.5 + difference, logloss: 0.5}}};
}

const good = contender(9, 0.6);
const alike = contender(5, 0.595);
const worse = contender(2, 0.3);
const errors = (a: Contender, b: Contender) => {
  const {difference, standardError} = aucDifference(labels, b.predictions, a.predictions);
  return difference / standardError;
};

describe('Chooser', () => {
  it('takes the fewest interactions that are no more than one standard error below the best', () => {
    expect(errors(alike, good)).toBeLessThan(1);
    expect(errors(worse, good)).toBeGreaterThan(2);
    // Whatever a shortened set may lose.
    for (const tolerance of [0, 0.001, 10])
      expect(new Chooser(labels, tolerance).choose([worse, good, alike])).toBe(alike);
  });

  it('takes a shortened set where rows can tell that it loses no more than the tolerance', () => {
    const {difference, standardError} = aucDifference(labels, good.predictions, alike.predictions);
    expect(difference).toBeGreaterThan(0);
    const short = {...alike, shortened: true};
    const chosen = (tolerance: number) => new Chooser(labels, tolerance).choose([worse, good, short]);
    expect(chosen((difference + standardError) * 1.001)).toBe(short);
    expect(chosen((difference + standardError) * 0.999)).toBe(good);
    expect(chosen(difference)).toBe(good);
    // What is better needs no tolerance.
    const better = {...contender(3, 0.62), shortened: true};
    expect(new Chooser(labels, 0).choose([good, better])).toBe(better);
  });

  it('takes a plain one unless a gated one is better by two standard errors', () => {
    const plain = contender(20, 0.585, 'plain');
    const bad = contender(1, 0.3, 'plain');
    expect(errors(plain, good)).toBeGreaterThan(0);
    expect(errors(plain, good)).toBeLessThan(2);
    const chooser = new Chooser(labels, 0);
    expect(chooser.choose([good, alike, plain, bad])).toBe(plain);
    expect(chooser.choose([good, alike, bad]).candidate.form).toBe('gated');
  });

  it('takes the best plain one where another one, which differs more, is what cannot be told from the gated one', () => {
    // Nearly the same order of rows as the gated one, so that a small difference counts; the other one has noise of its own.
    const top = contender(9, 0.6);
    const like = (skill: number, kept: number, own: number): Contender => {
      const predictions = top.predictions.map((p, i) => p - skill * labels[i] + own * random());
      const {difference} = aucDifference(
        labels,
        predictions,
        labels.map(() => 0.5),
      );
      return {
        predictions,
        shortened: false,
        candidate: {...top.candidate, form: 'plain', kept, validation: {auc: 0.5 + difference, logloss: 0.5}},
      };
    };
    const close = like(0.003, 8, 0);
    const far = Array.from({length: 50}, () => like(0.01, 30, 0.3)).find(
      c => errors(c, top) > 0.8 && errors(c, top) < 2,
    )!;
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
    expect(new Chooser(labels, 0).choose([twin, alike])).toBe(better);
    expect(new Chooser(labels, 0).choose([alike, twin])).toBe(better);
  });

  it('counts as near what could be chosen', () => {
    expect(new Chooser(labels, 0).near([worse, good, alike])).toEqual([good, alike]);
    expect(new Chooser(labels, 10).near([{...worse, shortened: true}, good])).toHaveLength(2);
    expect(new Chooser(labels, 0).near([])).toEqual([]);
    expect(bestOf([])).toBeNull();
  });

  it('compares by cross-validation what was part of it', () => {
    const trainLabels = Float32Array.from({length: 4000}, () => (random() < 0.4 ? 1 : 0));
    const shared = trainLabels.map(() => random());
    const crossed = (of: Contender, skill: number): Contender => {
      const predictions = trainLabels.map((y, i) => skill * y + shared[i] + 0.2 * random());
      return {...of, crossed: {auc: auc(trainLabels, predictions), predictions}};
    };
    // On validation rows the shorter one is the better one; on many more rows it is not.
    const whole = contender(9, 0.5, 'plain');
    const short = {...contender(3, 0.53, 'plain'), shortened: true};
    expect(new Chooser(labels, 0.001).choose([whole, short])).toBe(short);
    const [good, bad] = [crossed(whole, 0.6), crossed(short, 0.5)];
    expect(bestOf([bad, good])).toBe(good);
    expect(new Chooser(labels, 0.001, trainLabels).choose([bad, good])).toBe(good);
    // With one that was not part of it, validation rows decide.
    expect(bestOf([good, bad, contender(9, 0.3)])).toBe(bad);
    // So none is given up before it is cross-validated.
    const hopeless = contender(9, 0.1, 'plain');
    expect(new Chooser(labels, 0).near([whole, hopeless])).toEqual([whole]);
    expect(new Chooser(labels, 0, trainLabels).near([whole, hopeless])).toEqual([whole, hopeless]);
  });

  describe('with the model of a search', () => {
    /** Probabilities, so that loglosses count. */
    const probable = (kept: number, skill: number, form: RetrainCandidate['form']): Contender => {
      const {candidate, predictions} = contender(kept, skill, form);
      return {candidate, shortened: false, predictions: predictions.map(p => 1 / (1 + Math.exp(-3 * (p - 0.8))))};
    };
    const searched = probable(6, 0.75, 'searched');
    const shorter = probable(3, 0.746, 'searched');
    const plain = probable(9, 0.5, 'plain');
    const gated = probable(9, 0.55, 'gated');
    /** By how many standard errors its logloss is below the plain one's, k / n added. */
    const ahead = (kept: number) => {
      const {difference, standardError} = loglossDifference(labels, searched.predictions, plain.predictions);
      return -(difference + kept / labels.length) / standardError;
    };
    const withKept = (kept: number): Contender => ({...searched, candidate: {...searched.candidate, kept}});

    it('takes it where it is better by AUC, and by logloss significantly so', () => {
      const chooser = new Chooser(labels, 0);
      expect(ahead(6)).toBeGreaterThan(2);
      expect(errors(shorter, searched)).toBeLessThan(1);
      expect(chooser.choose([searched, gated, plain])).toBe(searched);
      // The fewest, of the searched ones alone.
      expect(chooser.choose([searched, shorter, gated, plain])).toBe(shorter);
    });

    it('does not where so much is gained by fitting k numbers to n rows', () => {
      const enough = Array.from({length: 400}, (_, kept) => kept).find(kept => ahead(kept) < 2)!;
      const chooser = new Chooser(labels, 1);
      expect(enough).toBeGreaterThan(6);
      expect(chooser.choose([withKept(enough - 1), plain]).candidate.form).toBe('searched');
      expect(chooser.choose([withKept(enough), plain])).toBe(plain);
    });

    it('does not where a retrained model has a larger AUC', () => {
      const best = probable(9, 0.9, 'gated');
      expect(new Chooser(labels, 1).choose([searched, best, plain])).toBe(best);
    });

    it('counts as near what could be chosen of either kind', () => {
      const weak = probable(2, 0.2, 'searched');
      expect(new Chooser(labels, 0).near([searched, weak, gated, plain])).toEqual(
        expect.arrayContaining([searched, plain]),
      );
      expect(new Chooser(labels, 0).near([searched, weak, gated, plain])).not.toContain(weak);
      expect(new Chooser(labels, 0).near([probable(5, 0.9, 'searched'), weak, plain])).toContain(plain);
    });
  });
});
