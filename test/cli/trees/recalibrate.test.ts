import {recalibrate} from '../../../src/cli/trees/recalibrate';
import {sigmoid} from '../../../src/logistic';
import {seededRandom} from '../../../src/random';

const random = seededRandom(4);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Rows whose labels follow the logits' half: a model that is twice as sure as it should be. */
function overconfident(rows: number) {
  const logits = Float64Array.from({length: rows}, () => 2 * normal() - 1);
  return {logits, labels: Float32Array.from(logits, z => (random() < sigmoid(z / 2) ? 1 : 0))};
}

describe('recalibrate', () => {
  it('takes many rows at their word, and few hardly', () => {
    const many = overconfident(50_000);
    const {slope, intercept} = recalibrate(many.labels, many.logits);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(intercept).toBeCloseTo(0, 1);
    const [short, none] = [recalibrate([1, 0], [-1, 1]), recalibrate([], [])];
    expect(short.slope).toBeGreaterThan(0.8);
    expect(none.slope).toBeCloseTo(1, 5);
    expect(none.intercept).toBeCloseTo(0, 5);
  });

  it('is that of the other rows where some have weight 0', () => {
    const {logits, labels} = overconfident(300);
    const some = recalibrate(labels.slice(0, 100), logits.slice(0, 100));
    const weights = labels.map((_, i) => (i < 100 ? 7 : 0));
    const all = recalibrate(labels, logits, weights);
    expect(all.slope).toBeCloseTo(some.slope, 4);
    expect(all.intercept).toBeCloseTo(some.intercept, 4);
  });

  it('never turns a model around', () => {
    const {logits, labels} = overconfident(5000);
    const turned = labels.map(label => 1 - label);
    expect(recalibrate(turned, logits).slope).toBe(0.05);
  });
});
