import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {checkAutoSelect, type Recipe} from '../select/auto_select_args';
import {type Candidate, contender, hasTables} from '../select/candidate';
import {choose} from '../select/choose';
import {empiricalRidge} from '../components/linear/empirical_ridge';
import {limitInteracting} from '../select/limit_interacting';
import {idTable} from '../components/linear_model';
import {logitsOf} from '../components/products/model_products';
import {ridgePath} from '../components/linear/ridge_path';
import type {Ridge} from '../components/linear/ridge_penalty';
import type {Trainer} from '../components/products/trainer';
import {trainForGood} from '../select/train_one';
import type {Selection} from '../stages/selection';
import {type LabeledRows, labelsOfRows, rowsIn, type TrainingRows, weightsOf} from '../training/rows';
import {scheduleFor} from '../training/schedule';
import {refitTables} from './refit_tables';

/**
 * How a model was chosen and trained, as bundles have it in `metadata.candidate`: all but its interactions, and the
 * seconds, by which equal models would make different bundles.
 */
export type TrainedAs = Omit<Candidate, 'selection' | 'seconds'>;

/** What goes into a bundle's metadata, so that its model can be trained again on other rows. */
export function trainedAs(candidate: Candidate): TrainedAs {
  const {selection: _, mean, ...others} = candidate;
  // What is trained again counts its seconds from 0.
  const untimed = {...others, mean: mean?.map(member => ({...member, seconds: 0})) ?? null};
  delete (untimed as Partial<Candidate>).seconds;
  return untimed;
}

export interface RefitArgs {
  /** Of the bundle. */
  metadata: Readonly<Record<string, unknown>>;
  selection: Selection | null;
  fields: readonly FieldSpec[];
  train: TrainingRows;
  /** Rows that are not trained on, by which the kind of model is chosen. */
  choice: LabeledRows;
  seed: number;
  trainer: Trainer;
}

/** A model that was trained from scratch. */
export interface Refitted {
  /** Compiled. The caller disposes it. */
  model: tfl.LayersModel;
  /** What it is. */
  candidate: Candidate;
  /** Name of what the bundle has. */
  before: string;
  /** Whether interactions were found again, by the evidence that rows have for tables. */
  isFound: boolean;
  /** The same trained on other rows. The caller disposes it. */
  on(rows: TrainingRows): Promise<tfl.LayersModel>;
}

/** The penalty from which those of logistic regression are found where a bundle has none. */
const START_RIDGE = 10;

/**
 * Train a model from scratch: of the kind, penalties and interactions of a bundle; or with tables of the interactions
 * that rows have evidence for, of which more rows show more: a GA2M, or where the bundle has products their mean with
 * one ({@link refitTables}). `choice` decides between the two as `autoSelect` does. A bundle that has tables gets them
 * by evidence again.
 *
 * @throws AutofisError if the bundle does not say how its model was chosen, or that is a model of the caller's own.
 */
export async function refitModel(args: RefitArgs): Promise<Refitted> {
  const {selection, train, choice} = args;
  const {recipe, known} = await recipeOf(args);
  const own = {...known, selection: selection ?? [], seconds: 0};
  const before = known.name;
  const products = known.mean?.[0] ?? (known.schedule === null ? null : own);
  const tables = await refitTables(recipe, train, choice, products);
  if (tables !== null && hasTables(known)) return {...tables, before, isFound: true};
  const model = await trainForGood(recipe, train, own);
  const on = (rows: TrainingRows) => trainForGood(recipe, rows, own);
  const kept: Refitted = {model, candidate: own, before, isFound: false, on};
  if (tables === null) return kept;
  const {chosen} = choose(
    labelsOfRows(choice),
    [contender(own, logitsOf(model, choice.xs)), contender(tables.candidate, tables.logits)],
    {weights: weightsOf(choice)},
  );
  const [taken, left] = chosen === 0 ? [kept, tables] : [{...tables, before, isFound: true}, kept];
  left.model.dispose();
  return taken;
}

/** What a bundle says of its model, with the schedule that these rows need, and how it is trained. */
async function recipeOf({
  metadata,
  fields,
  train,
  choice,
  seed,
  trainer,
}: RefitArgs): Promise<{recipe: Recipe; known: TrainedAs}> {
  const given = metadata['candidate'] as TrainedAs | undefined;
  if (given === undefined) {
    throw new AutofisError(
      'updateBundle: `refit` needs a bundle of `run` or `select`, which says how its model was chosen ' +
        '(metadata.candidate). Update without it.',
    );
  }
  const recipe = checkAutoSelect('updateBundle', {fields, train, validation: choice, seed, trainer});
  // Bundles of former versions do not say it.
  const known = {...given, mean: given.mean ?? null};
  recipe.ridge = ridgeOf(known);
  if (recipe.ridge === null) {
    const table = await idTable(train, seed);
    const fit = empiricalRidge(table, fields, ridgePath(table, fields, [START_RIDGE])[0]);
    recipe.ridge = fit.ridge;
    recipe.linearFits.set(train, Promise.resolve(fit));
  }
  await limitInteracting(recipe);
  return {recipe, known: forRows(known, recipe, rowsIn(train))};
}

/** The penalty of the LR that a model is, or starts from; null where it has none. */
function ridgeOf({ridge, startRidge, tables, mean}: TrainedAs): Ridge | null {
  const own = ridge ?? startRidge ?? tables?.fields ?? null;
  return own ?? mean?.map(ridgeOf).find(each => each !== null) ?? null;
}

/** How a model was trained, with the schedule that another number of rows needs. */
function forRows<T extends TrainedAs>(known: T, recipe: Recipe, rows: number): T {
  const {form: name, mean} = known;
  if (mean !== null) return {...known, mean: mean.map(each => forRows(each, recipe, rows))};
  if (known.schedule === null) return known;
  const form = recipe.formOf(name);
  if (form === undefined) {
    throw new AutofisError(
      `updateBundle: \`refit\` builds LR, GA2M, FM and FFM. Received: a bundle of ${name}. Update without it.`,
    );
  }
  const schedule = scheduleFor(rows);
  return {...known, schedule: {...schedule, learningRate: form.learningRate ?? schedule.learningRate}};
}
