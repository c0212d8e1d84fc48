import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {checkAutoSelect} from '../select/auto_select_args';
import type {Candidate} from '../select/candidate';
import type {Trainer} from '../select/trainer';
import {trainForGood} from '../select/train_one';
import type {Selection} from '../stages/selection';
import {type LabeledRows, rowsIn, type TrainingRows} from '../training/rows';
import {scheduleFor} from '../training/schedule';

/** How a model was chosen and trained, as bundles have it in `metadata.candidate`: all but its interactions. */
export type TrainedAs = Omit<Candidate, 'selection'>;

/** What goes into a bundle's metadata, so that its model can be trained again on other rows. */
export function trainedAs(candidate: Candidate): TrainedAs {
  const {selection: _, ...others} = candidate;
  return others;
}

export interface RefitArgs {
  /** Of the bundle. */
  metadata: Readonly<Record<string, unknown>>;
  selection: Selection | null;
  fields: readonly FieldSpec[];
  train: TrainingRows;
  /** Rows that are not trained on. */
  heldOut: LabeledRows;
  seed: number;
  trainer: Trainer;
}

/**
 * A model of the same kind, penalties and interactions as a bundle's, trained on rows from nothing, compiled. The
 * caller disposes it.
 *
 * @throws AutofisError if the bundle does not say how its model was chosen, or that is a model of the caller's own.
 */
export async function refitModel({
  metadata,
  selection,
  fields,
  train,
  heldOut,
  seed,
  trainer,
}: RefitArgs): Promise<tfl.LayersModel> {
  const known = metadata['candidate'] as TrainedAs | undefined;
  if (known === undefined) {
    throw new AutofisError(
      'updateBundle: `refit` needs a bundle of `run` or `select`, which says how its model was chosen ' +
        '(metadata.candidate). Update without it.',
    );
  }
  const recipe = checkAutoSelect('updateBundle', {fields, train, validation: heldOut, seed, trainer});
  recipe.ridge = known.ridge ?? known.startRidge ?? known.tables?.fields ?? null;
  const schedule = scheduleFor(rowsIn(train));
  const form = known.schedule === null ? null : recipe.formOf(known.form);
  if (form === undefined) {
    throw new AutofisError(
      `updateBundle: \`refit\` builds LR, GA2M, FM and FFM. Received: a bundle of ${known.form}. Update without it.`,
    );
  }
  return trainForGood(recipe, train, {
    ...known,
    selection: selection ?? [],
    schedule: known.schedule === null ? null : {...schedule, learningRate: form?.learningRate ?? schedule.learningRate},
  });
}
