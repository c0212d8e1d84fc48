import {updateInWords} from '../../src/update/update_words';

const equal = {difference: 0, standardError: 0.01};
const scores = {auc: 0.7, logloss: 0.5, calibration: 1};
const shares = (missing: number, unseen: number) => ({missing, unseen});

/** The words of an update in which one field has these shares. */
const words = (rows: number, training: ReturnType<typeof shares>, now: ReturnType<typeof shares>) =>
  updateInWords({
    kind: null,
    changes: null,
    rows: {training: 4 * rows, heldOut: rows},
    added: [],
    dropped: [],
    drift: {rows, fields: [{name: 'site', training, now, change: 1}], text: ''},
    doubts: [],
    selection: null,
    written: true,
    before: scores,
    after: scores,
    auc: equal,
    logloss: equal,
    words: 'cannot be told apart',
  });

const line = 'Drift: site is missing in 38.0 % (in training 33.0 %) and unseen in 0.0 % (0.0 %) of the rows.';

it('a share that few rows change by chance is not called drift', () => {
  expect(words(150, shares(0.33, 0), shares(0.38, 0))).not.toContain('Drift');
  expect(words(1500, shares(0.33, 0), shares(0.38, 0)).split('\n')).toContain(line);
});

it('a change below a hundredth has no line, and one from nothing has', () => {
  expect(words(1e6, shares(0.33, 0), shares(0.339, 0))).not.toContain('Drift');
  expect(words(50, shares(0, 0), shares(0, 0.02))).toContain('unseen in 2.0 % (0.0 %)');
});
