import type {SelectionReview} from '../../src/update/review_selection';
import {updateInWords} from '../../src/update/update_words';

const equal = {difference: 0, standardError: 0.01};
const scores = {auc: 0.7, logloss: 0.5, calibration: 1};
const shares = (missing: number, unseen: number) => ({missing, unseen});

/** The words of an update in which one field has these shares. */
const words = (
  rows: number,
  training: ReturnType<typeof shares>,
  now: ReturnType<typeof shares>,
  selection: SelectionReview | null = null,
) =>
  updateInWords({
    kind: null,
    changes: null,
    rows: {training: 4 * rows, heldOut: rows, rejects: 0},
    added: [],
    dropped: [],
    drift: {rows, fields: [{name: 'site', training, now, change: 1}], text: ''},
    selection,
    doubts: [],
    written: true,
    before: scores,
    after: scores,
    auc: equal,
    logloss: equal,
    verdict: 'undecided',
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

it.each<[string, SelectionReview]>([
  [
    'The newer rows are too few to search interactions in.',
    {judged: 0, gained: [], confirmed: [], unconfirmed: [['site', 'hour']]},
  ],
  [
    'A quick search on the newer rows alone opens 1 of its 2 interactions.\n' +
      'The newer rows confirm no interaction that it lacks.',
    {judged: 3, gained: [], confirmed: [['site', 'hour']], unconfirmed: [['site', 'device']]},
  ],
  [
    'The newer rows confirm hour x device (saves +0.0500 ± 0.0196 (95 %)), which it lacks: run `select` on all rows.',
    {
      judged: 3,
      gained: [{fields: ['hour', 'device'], gain: 0.05, standardError: 0.01}],
      confirmed: [],
      unconfirmed: [],
    },
  ],
])('a review says: %s', (expected, review) => {
  expect(words(100, shares(0, 0), shares(0, 0), review)).toContain(`\n${expected}\n`);
});
