import type * as tfl from '@tensorflow/tfjs-layers';
import {Crosses, fitCrosses} from '../../layers/fit_crosses';
import type {FieldSpec} from '../../layers/field_layout';
import {countParameters} from '../models/count_parameters';
import {compileLike} from '../stages/rebuild';
import type {Selection} from '../stages/selection';
import type {TrainingRows} from '../training/rows';
import type {Recipe} from './auto_select_args';
import {calibrateModel} from './calibrate_model';
import {calibratedScores, calibrationOn, Candidate, TrainedCandidate} from './candidate';
import {disposedOnError} from './disposed_on_error';
import type {ModelForm} from './forms';
import {Ga2m} from '../components/tables/ga2m';
import type {Ga2mRidges} from '../components/tables/ridges';
import {thinnedTable} from '../components/tables/thinned_table';
import type {HeldOutParts} from './held_out_parts';
import {foldModels} from './fold_models';
import {inParallel} from './in_parallel';
import {idTable, linearModel, setLinear} from '../components/linear_model';
import {meanModel} from './mean_model';
import {logitsOf} from '../components/products/model_products';
import type {Ridge} from '../components/linear/ridge_penalty';
import {IdTable, LinearFit, RidgeRegression} from '../components/linear/ridge_regression';
import {trainBySchedule} from '../components/products/trainer';

/** What a candidate is built of. */
export interface CandidateShape {
  form: ModelForm;
  selection: Selection;
  crosses?: Crosses;
}

/** Train a candidate on the training rows, and score it on V2. */
export async function trainOne(
  recipe: Recipe,
  parts: HeldOutParts,
  {form, name, selection, crosses}: CandidateShape & {name: string},
): Promise<TrainedCandidate & {model: tfl.LayersModel}> {
  const {train, seed, schedule: usual} = recipe;
  const start = performance.now();
  const startRidge = form.onLinear ? recipe.ridge : null;
  const schedule = {...usual, learningRate: form.learningRate ?? usual.learningRate};
  const model = form.build(selection, seed, crosses);
  const purpose = selection === form.all ? 'base' : 'slim';
  const logits = await disposedOnError([model], async () => {
    await trainOnLinear(recipe, startRidge, {name, purpose, model, train, schedule, seed});
    return {
      gates: Array.from(logitsOf(model, parts.gates.xs)),
      choice: Array.from(logitsOf(model, parts.choice.xs)),
    };
  });
  return {
    model,
    logits,
    candidate: {
      name,
      form: form.name,
      selection,
      crosses: crosses !== undefined,
      parameters: countParameters(model),
      choice: calibratedScores(parts.choice, logits.choice),
      calibration: calibrationOn(parts, logits),
      schedule,
      ridge: null,
      tables: null,
      startRidge,
      mean: null,
      seconds: (performance.now() - start) / 1000,
    },
  };
}

/**
 * A candidate trained again on all rows, and calibrated as it was without them; with effort 'thorough' the mean of
 * several trainings. The caller's own model stays as it was trained: where its logit comes from is not known.
 */
export async function trainForGood(recipe: Recipe, rows: TrainingRows, candidate: Candidate): Promise<tfl.LayersModel> {
  const model = await trainMean(recipe, rows, candidate);
  if (recipe.fields !== null) calibrateModel(model, candidate.calibration);
  return model;
}

/** The mean of as many trainings as the recipe asks for. What has one optimum is its own mean. */
async function trainMean(recipe: Recipe, rows: TrainingRows, candidate: Candidate): Promise<tfl.LayersModel> {
  const {members, seed, fields} = recipe;
  const {schedule, form, selection, crosses, mean} = candidate;
  if (mean !== null) return trainMeanOfTwo(recipe, rows, mean);
  if (members === 1 || schedule === null) return trainAgain(recipe, rows, candidate, 'on all rows');
  const models: tfl.LayersModel[] = [];
  const pairs = await disposedOnError(models, async () => {
    for (let k = 0; k < members; k++) {
      const where = `on all rows, ${k + 1} of ${members}`;
      models.push(await trainAgain({...recipe, seed: seed + k}, rows, candidate, where));
    }
    return crosses ? crossesOf(rows, fields!, selection, seed) : undefined;
  });
  const folded = recipe.formOf(form).build(selection, seed, pairs, members);
  foldModels(models, folded);
  models.forEach(model => model.dispose());
  return folded;
}

/** A model of products and a GA2M, each trained for good, as one model of their mean. */
async function trainMeanOfTwo(
  recipe: Recipe,
  rows: TrainingRows,
  [ofProducts, ofTables]: readonly Candidate[],
): Promise<tfl.LayersModel> {
  const [products, tables] = await inParallel(
    recipe.parallel,
    [ofProducts, ofTables].map(each => () => trainForGood(recipe, rows, each)),
    model => model.dispose(),
  );
  return meanOfModels(recipe, ofProducts, products, tables);
}

/** The mean of a model of products, that of a candidate, and a GA2M as one model. It disposes both. */
export function meanOfModels(
  {formOf, seed, members}: Recipe,
  {form, selection}: Candidate,
  products: tfl.LayersModel,
  tables: tfl.LayersModel,
): tfl.LayersModel {
  const mean = meanModel(products, tables, crosses => formOf(form).build(selection, seed, crosses, members));
  products.dispose();
  tables.dispose();
  return mean;
}

/**
 * A candidate trained again, on other rows.
 *
 * @param where What these rows are, such as "on all rows".
 */
export async function trainAgain(
  recipe: Recipe,
  rows: TrainingRows,
  candidate: Candidate,
  where: string,
): Promise<tfl.LayersModel> {
  const {fields, seed, signal} = recipe;
  const {name, form, selection, crosses, schedule, ridge, tables, startRidge} = candidate;
  signal?.throwIfAborted();
  if (tables !== null) {
    const {table, linear} = await linearRows(recipe, rows);
    return fitTables(recipe, table, tables, linear).model();
  }
  if (ridge !== null) return linearModel(fields!, await linearFit(recipe, rows, ridge));
  const model = recipe
    .formOf(form)
    .build(selection, seed, crosses ? await crossesOf(rows, fields!, selection, seed) : undefined);
  await disposedOnError([model], () =>
    trainOnLinear(recipe, startRidge, {
      name: `${name}, ${where}`,
      purpose: 'again',
      model,
      train: rows,
      schedule: schedule!,
      seed,
    }),
  );
  recipe.onStep?.(`trained ${name} ${where}`, {type: 'retrained', candidate});
  return model;
}

/**
 * Train a model; with a ridge on top of logistic regression, which stays as it is: trained further, it would lose what
 * its penalties hold.
 */
async function trainOnLinear(
  recipe: Recipe,
  ridge: Ridge | null,
  job: Parameters<typeof trainBySchedule>[1],
): Promise<void> {
  const {model, train} = job;
  if (ridge === null) return trainBySchedule(recipe.trainer, job);
  const linear = model.getLayer('linear');
  setLinear(model, await linearFit(recipe, train, ridge));
  linear.trainable = false;
  // What is trained is settled when a model is compiled.
  compileLike('autoSelect', model, model, model.optimizer);
  await trainBySchedule(recipe.trainer, job);
  linear.trainable = true;
}

/** Ids and cells that a GA2M is fitted to at most: of more rows a part is taken. */
const MOST_CELLS = 60_000_000;

/** Rows as arrays, and logistic regression of them: what a GA2M is fitted to, and may start from. */
export interface LinearRows {
  table: IdTable;
  linear: LinearFit;
}

/** Rows with their logistic regression, with the penalty that V2 prefers. */
export async function linearRows(recipe: Recipe, rows: TrainingRows): Promise<LinearRows> {
  const linear = await linearFit(recipe, rows, recipe.ridge!);
  return {linear, table: await idTable(rows, recipe.seed)};
}

/** A GA2M with these penalties, fitted to rows. */
export function fitTables({fields, signal}: Recipe, table: IdTable, ridges: Ga2mRidges, start: LinearFit | Ga2m): Ga2m {
  signal?.throwIfAborted();
  const columns = table.ids.length / table.labels.length + ridges.interactions.flatMap(({tables}) => tables).length;
  return Ga2m.of(thinnedTable(table, columns, MOST_CELLS), fields!, ridges, {start});
}

/**
 * Logistic regression on rows with the penalty that V2 prefers, fitted once: several candidates start from it. The fit
 * on the training rows is where those on other rows begin; it is near them.
 */
async function linearFit(recipe: Recipe, rows: TrainingRows, ridge: Ridge): Promise<LinearFit> {
  const {fields, seed, train, linearFits} = recipe;
  const known = linearFits.get(rows);
  if (known !== undefined) return known;
  const near = rows === train ? undefined : linearFit(recipe, train, ridge);
  const fit = idTable(rows, seed).then(async table =>
    RidgeRegression.of('autoSelect', table, fields!).fit(ridge, await near),
  );
  linearFits.set(rows, fit);
  return fit;
}

/** The combinations of values that enough rows have; undefined where there are none. */
export async function crossesOf(
  rows: TrainingRows,
  fields: readonly FieldSpec[],
  selection: Selection,
  seed: number,
): Promise<Crosses | undefined> {
  const {ids} = await idTable(rows, seed);
  const crosses = fitCrosses({ids, fields, interactions: selection.map(({interaction}) => interaction)});
  return crosses.counts.some(count => count > 0) ? crosses : undefined;
}
