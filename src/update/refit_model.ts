import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {idTable} from '../components/linear_model';
import type {Forbidden} from '../components/possible_pairs';
import type {Trainer} from '../components/products/trainer';
import {AutofisError} from '../errors';
import type {Decision} from '../select/decision';
import type {Effort} from '../select/effort';
import {retrainDecision} from '../select/retrain';
import {searchDecision} from '../select/search_decision';
import {rowsIn, type TrainingRows} from '../training/rows';
import {scheduleFor} from '../training/schedule';

/** Metadata that `run` and `select` save in a bundle about the search behind its model. */
export interface SearchMetadata {
  decision: Decision;
  effort: Effort;
  share: number;
  forbid?: readonly Forbidden[];
}

interface RefitArgs {
  /** Metadata of the bundle. */
  metadata: Readonly<Record<string, unknown>>;
  fields: readonly FieldSpec[];
  train: TrainingRows;
  seed: number;
  trainer: Trainer;
}

/** A model that was trained from scratch. */
export interface Refitted {
  /** Compiled. The caller disposes it. */
  model: tfl.LayersModel;
  /** The search of the bundle. */
  before: SearchMetadata;
  /** The search on these rows. */
  after: SearchMetadata;
  /** Train the same components on other rows. The caller disposes the model. */
  on(rows: TrainingRows): Promise<tfl.LayersModel>;
}

/**
 * Search the interactions of rows again, with the settings of the bundle's search, and train the model of the
 * decision on them.
 *
 * @throws AutofisError if the bundle does not hold the decision of a search, or one on a model of the caller's own.
 */
export async function refitModel({metadata, fields, train, seed, trainer}: RefitArgs): Promise<Refitted> {
  const before = searchOf(metadata);
  const {effort, share, forbid} = before;
  const table = await idTable(train, seed);
  const schedule = scheduleFor(rowsIn(train));
  const {decision, options} = await searchDecision(table, fields, {effort, share, forbid, schedule, seed, trainer});
  return {
    model: await retrainDecision(table, decision, options),
    before,
    after: {...before, decision},
    on: async rows => retrainDecision(await idTable(rows, seed), decision, options),
  };
}

/** The search of a bundle. */
function searchOf(metadata: Readonly<Record<string, unknown>>): SearchMetadata {
  const {decision, effort, share, forbid} = metadata as Partial<SearchMetadata>;
  if (decision === undefined || effort === undefined || share === undefined) {
    throw new AutofisError(
      'updateBundle: `refit` needs a bundle that `run` or `select` of this version wrote, which holds how its model ' +
        'was decided (metadata.decision). Run `run` again, or update without `refit`.',
    );
  }
  if (
    decision.components.some(
      ({component}) => !['linear', 'values', 'products', 'tables', 'cells'].includes(component.type),
    )
  ) {
    throw new AutofisError(
      'updateBundle: `refit` trains models that `run` builds of components. Received: a bundle of a model of your ' +
        'own. Run `run` again with --model, or update without `refit`.',
    );
  }
  return {decision, effort, share, forbid};
}
