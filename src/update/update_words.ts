import type {AddedValues} from '../schema/grow_vocabulary';
import type {DroppedValues} from '../schema/drop_values';
import type {DriftReport, FieldDrift} from '../schema/drift';
import {counted} from '../counted';
import {INTERVAL, withInterval} from '../statistics';
import type {Schedule} from '../training/schedule';
import type {UpdateComparison} from './compare_models';
import {changesInWords, type InteractionChanges} from './interaction_changes';
import type {SelectionReview} from './review_selection';
import {doubtInWords, type UpdateDoubt} from './update_doubts';

/** Result of an update; plain JSON. */
export interface UpdateReport extends UpdateComparison {
  /** With `refit` the old model and the new one in words, such as "3 of 45 pairs"; else null. */
  kind: {before: string; after: string} | null;
  /** Newer rows; with `refit` all of them. */
  rows: {training: number; heldOut: number; rejects: number};
  /** Fields with new values. */
  added: AddedValues[];
  /** Fields that have lost values which are gone. */
  dropped: DroppedValues['dropped'];
  /** Drift of the held-out rows from the old model's training rows. */
  drift: DriftReport;
  /** Reasons for which the new bundle is not written, although it may be better, unless `force` is true. */
  doubts: UpdateDoubt[];
  /** With `refit` which interactions the new model has and the old one lacks, and which are gone; else null. */
  changes: InteractionChanges | null;
  /** Review of the interactions on the newer rows alone; null with `refit`, which searches them itself. */
  selection: SelectionReview | null;
  schedule: Schedule;
  /** Updates of this bundle since its selection, this one included. */
  updates: number;
  /** True where the new bundle was written. */
  written: boolean;
  /** The result in sentences. */
  text: string;
}

/** Shares that have changed by less are not worth a line. */
const DRIFT = 0.01;

/** An update in sentences, one a line. */
export function updateInWords(found: Omit<UpdateReport, 'schedule' | 'text' | 'updates'>): string {
  const {rows, kind, changes, added, dropped, before, after, auc, logloss, verdict, drift, doubts, selection, written} =
    found;
  const values = added.map(({name, added}) => `${name} ${count(added)}`);
  const drifted = drift.fields.filter(field => hasDrifted(field, drift.rows));
  return [
    kind === null
      ? `Trained on ${count(rows.training)} newer rows; the newest ${count(rows.heldOut)} are held out.`
      : `Searched and trained from scratch on ${count(rows.training)} rows; the newest ${count(rows.heldOut)} are ` +
        'held out.',
    ...(kind === null || kind.before === kind.after ? [] : [`Now ${kind.after}, in place of ${kind.before}.`]),
    ...(changes === null ? [] : [changesInWords(changes)]),
    values.length === 0 ? 'No field has new values.' : `New values: ${values.join(', ')}.`,
    ...(dropped.length === 0
      ? []
      : [
          `Values dropped, since they no longer occur: ` +
            `${dropped.map(field => `${field.name} ${count(field.dropped)}`).join(', ')}.`,
        ]),
    `AUC ${before.auc.toFixed(4)} before, ${after.auc.toFixed(4)} after: ${interval(auc)}.`,
    `Logloss ${before.logloss.toFixed(4)} before, ${after.logloss.toFixed(4)} after: ${interval(logloss)}.`,
    `Predicted over actual ${before.calibration.toFixed(3)} before, ${after.calibration.toFixed(3)} after.`,
    ...drifted.map(
      ({name, training, now}) =>
        `Drift: ${name} is missing in ${percent(now.missing)} (in training ${percent(training.missing)}) and unseen ` +
        `in ${percent(now.unseen)} (${percent(training.unseen)}) of the rows.`,
    ),
    ...(selection === null ? [] : selectionInWords(selection)),
    verdict === 'undecided'
      ? 'The new model cannot be told apart from the old one.'
      : `The new model is ${verdict} than the old one.`,
    ...doubts.map(doubtInWords),
    written ? 'The new bundle is written.' : 'The old bundle stays.',
  ].join('\n');
}

/** Tell whether a share changed by at least `DRIFT`, and by more than chance explains in so few rows. */
function hasDrifted({training, now}: FieldDrift, rows: number): boolean {
  return (['missing', 'unseen'] as const).some(kind => {
    const share = training[kind];
    const change = Math.abs(now[kind] - share);
    return change >= DRIFT && change > INTERVAL * Math.sqrt((share * (1 - share)) / rows);
  });
}

function selectionInWords({judged, gained, confirmed, unconfirmed}: SelectionReview): string[] {
  if (judged === 0) return ['The newer rows are too few to search interactions in.'];
  const present = confirmed.length + unconfirmed.length;
  return [
    ...(present === 0
      ? []
      : [
          `A quick search on the newer rows alone opens ${confirmed.length} of its ${counted(present, 'interaction')}.`,
        ]),
    ...(gained.length === 0
      ? ['The newer rows confirm no interaction that it lacks.']
      : [
          `The newer rows confirm ${gained
            .map(({fields, gain, standardError}) => {
              const saving = interval({difference: gain, standardError});
              return `${fields.join(' x ')} (saves ${saving})`;
            })
            .join(', ')}, which it lacks: run \`select\` on all rows.`,
        ]),
  ];
}

const count = (value: number) => value.toLocaleString('en');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const interval = ({difference, standardError}: {difference: number; standardError: number}) =>
  `${withInterval(difference, standardError)} (95 %)`;
