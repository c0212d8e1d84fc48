import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../../layers/field_layout';
import type {Selection} from '../../stages/selection';
import {type LabeledRows, labelsOfRows, type TrainingRows, weightsOf} from '../../training/rows';
import {remembered} from '../../training/step_store';
import type {Recipe} from '../auto_select_args';
import {calibrateModel} from '../calibrate_model';
import {calibratedScores, calibrationOn, type Candidate, said, TrainedCandidate} from '../candidate';
import {Gates, gatesOn, openAt, selectionOfSet} from '../fit_gates';
import {allPairs} from '../forms';
import type {GarroteRows} from '../gated_loss';
import type {HeldOutParts} from '../held_out_parts';
import {idTable, ofRows} from '../linear_model';
import {lastingCalibration} from '../recalibrate';
import {fitTables, type LinearRows, linearRows} from '../train_one';
import {findPairs} from './find_pairs';
import type {Ga2m} from './ga2m';
import type {Ga2mRidges} from './ridges';

/** What people call the form. */
const FORM = 'GA2M';

/** Candidates with tables of some pairs, and the gates that left these open; none where no pair is worth tables. */
export interface FoundTables {
  trained: TrainedCandidate[];
  gates: Gates[];
}

/**
 * Logistic regression with tables of those pairs that training rows have evidence for, and of which gates on V1 leave
 * some open. Nothing for the caller's own model, and where only logistic regression is trained.
 */
export async function ga2mCandidates(recipe: Recipe, parts: HeldOutParts): Promise<FoundTables> {
  const {fields, bases, store, onStep} = recipe;
  if (fields === null || bases.length === 0) return {trained: [], gates: []};
  const found = await remembered(store, FORM, () => find(recipe, fields, parts));
  for (const each of found.trained) onStep?.(said(each), {type: 'trained', candidate: each.candidate});
  const [best] = found.trained;
  for (const gates of found.gates) {
    const {open} = gates.path[gates.chosen];
    onStep?.(`gates on ${FORM} leave ${open} open`, {type: 'gates', candidate: best.candidate, gates});
  }
  return found;
}

async function find(recipe: Recipe, fields: readonly FieldSpec[], parts: HeldOutParts): Promise<FoundTables> {
  const start = performance.now();
  const all = allPairs(fields);
  const evident = await fitEvident(recipe, recipe.train);
  if (evident === null) return {trained: [], gates: []};
  const {rows, ridges, whole} = evident;
  const own = selectionOf(all, ridges);
  const gates = ofAll(
    gatesOn(
      {learnt: productsOf(whole, parts.gates), held: productsOf(whole, parts.choice)},
      {base: FORM, all: own, seed: recipe.seed},
    ),
    own,
    all,
  );
  const trained: TrainedCandidate[] = [];
  for (const set of gates.sets) {
    const selection = selectionOfSet(all, set);
    if (selection.length === 0) continue;
    const kept = someOf(ridges, selection);
    const model = selection.length === own.length ? whole : fitTables(recipe, rows, kept);
    const [onGates, onChoice] = [parts.gates, parts.choice].map(part => model.logits(ofRows(part)));
    trained.push({
      logits: Array.from(onChoice),
      candidate: {
        ...shapeOf(kept, selection, all, model),
        choice: calibratedScores(parts.choice, onChoice),
        calibration: calibrationOn(parts, {gates: onGates, choice: onChoice}),
        seconds: (performance.now() - start) / 1000,
      },
    });
  }
  return trained.length === 0 ? {trained, gates: []} : {trained, gates: [gates]};
}

/** A GA2M of all pairs that rows have evidence for, and what it was fitted to; null where they have none. */
async function fitEvident(
  recipe: Recipe,
  train: TrainingRows,
  known?: Ga2mRidges,
): Promise<{rows: LinearRows; ridges: Ga2mRidges; whole: Ga2m} | null> {
  const rows = await linearRows(recipe, train);
  const ridges = findPairs(rows.table, recipe.fields!, rows.linear, known);
  return ridges.interactions.length === 0 ? null : {rows, ridges, whole: fitTables(recipe, rows, ridges)};
}

/** A GA2M of all pairs that rows have evidence for, without gates, and its logits on rows that were not trained on. */
export interface EvidentGa2m {
  fitted: Ga2m;
  candidate: Candidate;
  logits: Float32Array;
}

/**
 * Fit a GA2M of all pairs that rows have evidence for; null where they have none.
 *
 * @param choice Rows that were not trained on, which score and calibrate it.
 * @param known Penalties that were found on some of these rows; null where there are none.
 */
export async function ga2mOfEvidence(
  recipe: Recipe,
  train: TrainingRows,
  choice: LabeledRows,
  known: Ga2mRidges | null,
): Promise<EvidentGa2m | null> {
  const start = performance.now();
  const evident = await fitEvident(recipe, train, known ?? undefined);
  if (evident === null) return null;
  const {ridges, whole: fitted} = evident;
  const logits = fitted.logits(ofRows(choice));
  const all = allPairs(recipe.fields!);
  return {
    fitted,
    logits,
    candidate: {
      ...shapeOf(ridges, selectionOf(all, ridges), all, fitted),
      choice: calibratedScores(choice, logits),
      calibration: lastingCalibration(labelsOfRows(choice), logits, weightsOf(choice)),
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
  const model = fitTables(recipe, {table, linear: fitted.fit}, candidate.tables!).model();
  calibrateModel(model, candidate.calibration);
  return model;
}

/** What a candidate is, but for what held-out rows say. */
function shapeOf(
  tables: Ga2mRidges,
  selection: Selection,
  all: Selection,
  {fit}: Ga2m,
): Omit<Candidate, 'choice' | 'calibration' | 'seconds'> {
  return {
    name: `${FORM}, ${selection.length} of ${all.length}`,
    form: FORM,
    selection,
    crosses: false,
    parameters: fit.kernel.length + 1,
    schedule: null,
    ridge: null,
    tables,
    startRidge: null,
  };
}

/**
 * The logits that a GA2M has for rows it was not fitted to, with pairs found without them; null where none is.
 *
 * @param lambda The penalty of the gates that leave its pairs open.
 */
export async function ga2mInFold(
  recipe: Recipe,
  {train, gates, held}: {train: LabeledRows; gates: LabeledRows; held: LabeledRows},
  lambda: number,
): Promise<Float32Array | null> {
  const evident = await fitEvident(recipe, train);
  if (evident === null) return null;
  const {rows, ridges, whole} = evident;
  const own = selectionOf(allPairs(recipe.fields!), ridges);
  const selection = openAt(productsOf(whole, gates), {all: own, lambda});
  if (selection.length === 0) return null;
  const model = selection.length === own.length ? whole : fitTables(recipe, rows, someOf(ridges, selection));
  return model.logits(ofRows(held));
}

/** The pairs that have tables, of all in their order. */
function selectionOf(all: Selection, {interactions}: Ga2mRidges): Selection {
  const own = new Set(interactions.map(({interaction}) => `${interaction}`));
  return all.filter(({interaction}) => own.has(`${interaction}`));
}

function someOf({fields, interactions}: Ga2mRidges, selection: Selection): Ga2mRidges {
  const kept = new Set(selection.map(({interaction}) => `${interaction}`));
  return {fields, interactions: interactions.filter(({interaction}) => kept.has(`${interaction}`))};
}

function productsOf(model: Ga2m, rows: LabeledRows): GarroteRows {
  const {labels, weights, ids} = ofRows(rows);
  return {
    ...model.products({ids, labels}),
    labels: Float32Array.from(labels),
    ...(weights === undefined ? {} : {weights: Float32Array.from(weights)}),
  };
}

/** Gates of some interactions as those of all: one that has no tables is closed everywhere. */
function ofAll(gates: Gates, own: Selection, all: Selection): Gates {
  const places = all.map(selected => own.indexOf(selected));
  const spread = <T>(values: readonly T[], closed: (at: number) => T): T[] =>
    places.map((place, at) => (place < 0 ? closed(at) : values[place]));
  const {samples} = gates.sets[0].interactions[0].stability;
  return {
    ...gates,
    path: gates.path.map(point => ({...point, alpha: spread(point.alpha, () => 0)})),
    sets: gates.sets.map(({point, interactions}) => ({
      point,
      interactions: spread(interactions, at => {
        const {fields, gate, order, interaction} = all[at];
        const [stability, held] = [
          {kept: 0, samples},
          {gain: 0, standardError: 0},
        ];
        return {fields, gate, order, interaction, alpha: 0, stability, held};
      }),
    })),
  };
}
