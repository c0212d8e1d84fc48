import {seededRandom} from '../../src/random';
import {choose} from '../../src/select/choose';
import {calibrated, recalibrate} from '../../src/select/recalibrate';
import {sigmoid} from '../../src/logistic';
import {wordsFor} from '../../src/select/compare_on_test';

const random = seededRandom(2);
const ROWS = 2000;
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const truth = Float64Array.from({length: ROWS}, normal);
const labels = Float32Array.from(truth, z => (random() < sigmoid(2 * z) ? 1 : 0));
/** What a model knows of the truth, with noise of a size. */
const seen = (noise: number) => truth.map(z => 2 * z + noise * normal());

describe('recalibrate', () => {
  it('finds the intercept and slope that were taken off', () => {
    const {intercept, slope} = recalibrate(
      labels,
      truth.map(z => (2 * z - 3) / 5),
    );
    const best = recalibrate(
      labels,
      truth.map(z => 2 * z),
    );
    expect(slope).toBeCloseTo(5 * best.slope, 4);
    expect(intercept).toBeCloseTo(best.intercept + 3 * best.slope, 4);
  });

  it('gives logits that are all alike the mean rate', () => {
    const rate = labels.reduce((a, b) => a + b) / ROWS;
    expect(calibrated([7], recalibrate(labels, new Float64Array(ROWS).fill(7)))[0]).toBeCloseTo(rate, 6);
  });

  it('has the gradient 0, with weights, too', () => {
    const weights = Float32Array.from({length: ROWS}, (_, i) => i % 3);
    const logits = seen(1);
    const p = calibrated(logits, recalibrate(labels, logits, weights));
    const sum = (of: (i: number) => number) =>
      p.reduce((total, value, i) => total + weights[i] * (value - labels[i]) * of(i), 0) / ROWS;
    expect(sum(() => 1)).toBeCloseTo(0, 6);
    expect(sum(i => logits[i])).toBeCloseTo(0, 6);
  });
});

describe('choose', () => {
  const own = seen(0.2);

  it('takes the simplest that cannot be told from the best', () => {
    const contenders = [
      {name: 'linear', kept: 0, parameters: 10, logits: seen(3)},
      {name: 'few', kept: 3, parameters: 40, logits: own},
      {name: 'few, long', kept: 3, parameters: 90, logits: own},
      {name: 'all', kept: 45, parameters: 400, logits: own},
    ];
    const {chosen, standings} = choose(labels, contenders);
    expect(contenders[chosen].name).toBe('few');
    expect(standings.map(({suffices}) => suffices)).toEqual([false, true, true, true]);
  });

  it('leaves out a model without interactions where another knows more of few rows, though not by AUC', () => {
    // A tenth of the rows are all positive, which one model knows. The other orders the rest a little, by noise.
    const isKnown = Uint8Array.from({length: ROWS}, (_, i) => (i % 10 === 0 ? 1 : 0));
    const some = Float32Array.from(isKnown, known => (known === 1 || random() < 0.4 ? 1 : 0));
    const knows = Float64Array.from(isKnown, known => (known === 1 ? 4 : 0) + 0.01 * normal());
    const orders = Float64Array.from(some, y => 0.38 * y + normal());
    const contenders = [
      {name: 'linear', kept: 0, parameters: 10, logits: orders},
      {name: 'few', kept: 3, parameters: 40, logits: knows},
    ];
    const {chosen, best, standings} = choose(some, contenders);
    expect([chosen, best]).toEqual([1, 1]);
    // It is ahead by AUC, but not for certain.
    expect(standings[0].behind.auc).toBeLessThan(0);
    expect(standings[0].logloss.difference).toBeGreaterThan(4 * standings[0].logloss.standardError);
    // Where it is ahead for certain it stays.
    const sure = Float64Array.from(some, y => 2 * y + normal());
    expect(choose(some, [{...contenders[0], logits: sure}, contenders[1]]).chosen).toBe(0);
  });

  it('takes a more complex one where it is better beyond the noise', () => {
    const contenders = [
      {name: 'simple', kept: 1, parameters: 1, logits: seen(2)},
      {name: 'complex', kept: 9, parameters: 9, logits: own},
    ];
    expect(choose(labels, contenders)).toMatchObject({chosen: 1, best: 1});
    // An infinite margin distinguishes nothing.
    expect(choose(labels, contenders, {margin: 1e9}).chosen).toBe(0);
  });

  it('asks for two and a half times the margin where a model without interactions is the simpler one', () => {
    // So much noise that the difference lies between one and two standard errors.
    const near = own.map((z, i) => z + (i % 2 === 0 ? 0.33 : -0.33));
    const [none, some] = [0, 2].map(kept =>
      choose(labels, [
        {name: 'simple', kept, parameters: 1, logits: near},
        {name: 'best', kept: 9, parameters: 9, logits: own},
      ]),
    );
    const {
      behind: {auc, standardError},
    } = some.standings[0];
    expect(auc / standardError).toBeGreaterThan(1);
    expect(auc / standardError).toBeLessThan(2);
    expect([none.chosen, some.chosen]).toEqual([0, 1]);
    const contenders = [
      {name: 'simple', kept: 0, parameters: 1, logits: near},
      {name: 'best', kept: 9, parameters: 9, logits: own},
    ];
    expect(choose(labels, contenders, {interactionMargin: 1}).chosen).toBe(1);
  });

  it('leaves a model without interactions where another is clearly ahead by logloss, and by AUC a little', () => {
    // Nearly all of a few rows are positive, which one model knows. The other orders the rest a little.
    const isKnown = Uint8Array.from({length: ROWS}, (_, i) => (i % 50 === 0 ? 1 : 0));
    const some = Float32Array.from(isKnown, known => (random() < (known === 1 ? 0.8 : 0.3) ? 1 : 0));
    const contenders = [
      {name: 'linear', kept: 0, parameters: 10, logits: some.map(y => 0.02 * y + normal())},
      {name: 'few', kept: 3, parameters: 40, logits: Float64Array.from(isKnown, known => 2 * known + 0.01 * normal())},
    ];
    const {chosen, standings} = choose(some, contenders);
    const [{behind, logloss}] = standings;
    const [byAuc, byLogloss] = [behind.auc / behind.standardError, logloss.difference / logloss.standardError];
    expect([1 < byAuc && byAuc < 2.5, 2.5 < byLogloss && byLogloss < 4]).toEqual([true, true]);
    expect(chosen).toBe(1);
  });

  it('leaves a model without interactions where any other is clearly ahead, not only the one of highest AUC', () => {
    // Its ranking is the best, but no intercept and slope make probabilities of it.
    const rash = own.map(z => z ** 15);
    const contenders = [
      {name: 'none', kept: 0, parameters: 1, logits: seen(1.5)},
      {name: 'rash', kept: 9, parameters: 9, logits: rash},
      {name: 'sound', kept: 9, parameters: 9, logits: own.map((z, i) => z + (i % 2 === 0 ? 0.4 : -0.4))},
    ];
    const {chosen, standings} = choose(labels, contenders);
    expect(standings[0].behind.auc).toBeGreaterThan(2.5 * standings[0].behind.standardError);
    expect(standings[0].logloss.difference).toBeLessThan(0);
    expect([standings[0].suffices, chosen === 0]).toEqual([false, false]);
  });

  it('does not mind how sure a model sounds', () => {
    const contenders = [
      {name: 'loud', kept: 1, parameters: 1, logits: own.map(z => 9 * z + 4)},
      {name: 'calm', kept: 2, parameters: 1, logits: own},
    ];
    const {chosen, standings} = choose(labels, contenders);
    expect(chosen).toBe(0);
    expect(standings[0].logloss.difference).toBeCloseTo(0, 9);
  });

  it('needs a contender', () => {
    expect(() => choose(labels, [])).toThrow('choose: `contenders` must hold at least one. Received: none.');
  });

  it('names the contender whose logits are not those of the rows, and a misspelt option', () => {
    const contender = {name: 'FFM', kept: 1, parameters: 1, logits: [1]};
    expect(() => choose(labels, [contender])).toThrow(
      `choose: contender "FFM": needs as many labels as scores, at least one. Received: ${labels.length} and 1.`,
    );
    expect(() => choose(labels, [{...contender, logits: undefined as never}])).toThrow(
      'choose: contender "FFM": scores must be an array of numbers. Received: undefined.',
    );
    expect(() => choose(labels, [contender], {margn: 2} as never)).toThrow(
      'choose: `margn` must not be given: the options are margin, interactionMargin, weights. Received: 2.',
    );
  });
});

describe('wordsFor', () => {
  it('claims a difference only where the 95 % interval leaves out 0', () => {
    expect(wordsFor({difference: 0.0019, standardError: 0.001})).toBe('cannot be told apart');
    expect(wordsFor({difference: 0.002, standardError: 0.001})).toBe('better');
    expect(wordsFor({difference: -0.002, standardError: 0.001})).toBe('worse');
  });
});
