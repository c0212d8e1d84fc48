import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../../layers/field_layout';
import type {Selection} from '../../stages/selection';
import type {LabeledRows, TrainingRows} from '../../training/rows';
import type {Recipe} from '../auto_select_args';
import {calibrateModel} from '../calibrate_model';
import {
  calibratedScores,
  calibrationOn,
  type Candidate,
  countOf,
  GA2M,
  said,
  scoredOn,
  TrainedCandidate,
} from '../candidate';
import {Gates, gatesInWords, gatesOn, openAt, selectionsOf} from '../fit_gates';
import type {GarroteRows} from '../../decision/gated_loss';
import type {HeldOutParts} from '../held_out_parts';
import {idTable, ofRows} from '../../components/linear_model';
import {recipeStep} from '../recipe_step';
import {fitTables} from '../train_one';
import {bestLightness, fitEvident} from './evident_tables';
import type {Ga2m} from '../../components/tables/ga2m';
import type {LightRidges} from '../../components/tables/ridges';
import {ofAll, someOf, universeOf, withTables} from './tables_selection';

/** Candidates with tables, and the gates that left these open; none where no interaction is worth tables. */
export interface FoundTables {
  trained: TrainedCandidate[];
  gates: Gates[];
}

/**
 * Logistic regression with tables of those pairs and triples that training rows have evidence for, of which gates on V1
 * leave some open. Nothing for the caller's own model, and where only logistic regression is trained.
 */
export async function ga2mCandidates(recipe: Recipe, parts: HeldOutParts): Promise<FoundTables> {
  const {fields, bases, onStep} = recipe;
  if (fields === null || bases.length === 0) return {trained: [], gates: []};
  const found = await recipeStep(recipe, GA2M, () => find(recipe, fields, parts));
  for (const each of found.trained) onStep?.(said(each), {type: 'trained', candidate: each.candidate});
  const [best] = found.trained;
  for (const gates of found.gates) {
    onStep?.(gatesInWords(GA2M, gates), {type: 'gates', candidate: best.candidate, gates});
  }
  return found;
}

async function find(recipe: Recipe, fields: readonly FieldSpec[], parts: HeldOutParts): Promise<FoundTables> {
  const start = performance.now();
  const evident = await fitEvident(recipe, recipe.train);
  if (evident === null) return {trained: [], gates: []};
  const {table} = evident;
  const {ridges, whole} = await bestLightness(recipe, parts.choice, evident);
  const all = universeOf(fields, ridges, recipe.interacting);
  const own = withTables(all, ridges);
  const gates = ofAll(
    gatesOn(
      {learnt: tableProducts(whole, parts.gates), held: tableProducts(whole, parts.choice)},
      {base: GA2M, all: own, seed: recipe.seed},
    ),
    own,
    all,
  );
  const trained: TrainedCandidate[] = [];
  for (const selection of selectionsOf(all, gates)) {
    const kept = someOf(ridges, selection);
    const model = selection.length === own.length ? whole : fitTables(recipe, table, kept, whole);
    const [onGates, onChoice] = [parts.gates, parts.choice].map(part => Array.from(model.logits(ofRows(part))));
    const logits = {gates: onGates, choice: onChoice};
    trained.push({
      logits,
      candidate: {
        ...shapeOf(kept, selection, all, model),
        choice: calibratedScores(parts.choice, onChoice),
        calibration: calibrationOn(parts, logits),
        seconds: (performance.now() - start) / 1000,
      },
    });
  }
  return trained.length === 0 ? {trained, gates: []} : {trained, gates: [gates]};
}

/**
 * A GA2M of all interactions that rows have evidence for, without gates, and its logits on rows that were not trained
 * on.
 */
export interface EvidentGa2m {
  fitted: Ga2m;
  candidate: Candidate;
  logits: Float32Array;
}

/**
 * Fit a GA2M of all interactions that rows have evidence for; null where they have none.
 *
 * @param choice Rows that were not trained on, which choose its lightness, score and calibrate it.
 */
export async function ga2mOfEvidence(
  recipe: Recipe,
  train: TrainingRows,
  choice: LabeledRows,
): Promise<EvidentGa2m | null> {
  const start = performance.now();
  const evident = await fitEvident(recipe, train);
  if (evident === null) return null;
  const {ridges, whole: fitted} = await bestLightness(recipe, choice, evident);
  const logits = fitted.logits(ofRows(choice));
  const all = universeOf(recipe.fields!, ridges, recipe.interacting);
  return {
    fitted,
    logits,
    candidate: {
      ...shapeOf(ridges, withTables(all, ridges), all, fitted),
      ...scoredOn(choice, logits),
      seconds: (performance.now() - start) / 1000,
    },
  };
}

/** The same fitted to rows of which the former were a part, from where it was, and calibrated as it was. */
export async function ga2mAgain(
  recipe: Recipe,
  rows: TrainingRows,
  {fitted, candidate}: EvidentGa2m,
): Promise<tfl.LayersModel> {
  const table = await idTable(rows, recipe.seed);
  const model = fitTables(recipe, table, candidate.tables!, fitted).model();
  calibrateModel(model, candidate.calibration);
  return model;
}

/** What a candidate is, but for what held-out rows say. */
function shapeOf(
  tables: LightRidges,
  selection: Selection,
  all: Selection,
  {fit}: Ga2m,
): Omit<Candidate, 'choice' | 'calibration' | 'seconds'> {
  return {
    name: `${GA2M}, ${countOf(selection, all.filter(({order}) => order === 2).length)}`,
    form: GA2M,
    selection,
    crosses: false,
    parameters: fit.kernel.length + 1,
    schedule: null,
    ridge: null,
    tables,
    startRidge: null,
    mean: null,
  };
}

/**
 * The logits that a GA2M has for rows it was not fitted to, with interactions found without them; null where none is.
 *
 * @param lambda The penalty of the gates that leave its interactions open.
 */
export async function ga2mInFold(
  recipe: Recipe,
  {train, gates, held}: {train: LabeledRows; gates: LabeledRows; held: LabeledRows},
  {lambda, lightness}: {lambda: number; lightness: number},
): Promise<Float32Array | null> {
  const evident = await fitEvident(recipe, train, lightness);
  if (evident === null) return null;
  const {table, ridges, whole} = evident;
  const own = withTables(universeOf(recipe.fields!, ridges, recipe.interacting), ridges);
  const selection = openAt(tableProducts(whole, gates), {all: own, lambda});
  if (selection.length === 0) return null;
  const model = selection.length === own.length ? whole : fitTables(recipe, table, someOf(ridges, selection), whole);
  return model.logits(ofRows(held));
}

/** What the tables of each interaction add for rows, as gates are fitted to them. */
export function tableProducts(model: Ga2m, rows: LabeledRows): GarroteRows {
  const {labels, weights, ids} = ofRows(rows);
  return {
    ...model.products({ids, labels}),
    labels: Float32Array.from(labels),
    ...(weights === undefined ? {} : {weights: Float32Array.from(weights)}),
  };
}
