import {baseOf} from '../../../benchmarks/experiments/chosen_base';
import {candidate} from '../../helpers/candidate';

const linear = candidate('LR', 0, 0.9, {ridge: 1});
const bases = [
  'FFM, ridge 30',
  'FFM, ridge 10',
  'FFM, ridge 1',
  'FFM on LR, ridge 10',
  'FFM',
  'FM',
  'FM, firm penalty',
];
const candidates = [
  linear,
  ...bases.map((form, i) => candidate(form, 10, 0.7 + i / 100)),
  candidate('FM', 10, 0.99, {crosses: true}),
];
const base = (form: string, more: Parameters<typeof candidate>[3] = {}) =>
  baseOf({candidates, chosen: candidate(form, 3, 0.95, more)})?.form;
const mean = (form: string) => base(`${form} + GA2M`, {mean: [candidate(form, 3, 0.9), candidate('GA2M', 2, 0.9)]});

describe('baseOf', () => {
  it('is all pairs in the form of the choice, whichever was trained first', () => {
    for (const form of bases) expect(base(form)).toBe(form);
  });

  it('has the vectors of the base where those of the choice are longer, unless all pairs had these, too', () => {
    expect(base('FFM, d 32')).toBe('FFM');
    expect(base('FFM, ridge 1, d 32')).toBe('FFM, ridge 1');
    expect(base('FFM on LR, ridge 10, d 32')).toBe('FFM on LR, ridge 10');
    const long = candidate('FFM, ridge 1, d 32', 10, 0.6);
    expect(baseOf({candidates: [...candidates, long], chosen: candidate(long.form, 3, 0.9)})).toBe(long);
  });

  it('is that of the products of a mean', () => {
    expect(mean('FFM, d 32')).toBe('FFM');
    expect(mean('FFM, ridge 1, d 32')).toBe('FFM, ridge 1');
    expect(mean('FFM on LR, ridge 10')).toBe('FFM on LR, ridge 10');
  });

  it('is the best on V2 for logistic regression and for tables, and none where nothing else was trained', () => {
    expect(baseOf({candidates, chosen: linear})?.form).toBe('FM, firm penalty');
    expect(base('GA2M')).toBe('FM, firm penalty');
    expect(baseOf({candidates: [linear], chosen: linear})).toBeNull();
  });
});
