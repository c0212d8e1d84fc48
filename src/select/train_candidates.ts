import type * as tfl from '@tensorflow/tfjs-layers';
import {Crosses, fitCrosses} from '../../layers/fit_crosses';
import type {FieldSpec} from '../../layers/field_layout';
import type {Selection} from '../stages/selection';
import type {TrainingRows} from '../training/rows';
import {remembered} from '../training/step_store';
import type {Recipe} from './auto_select_args';
import {calibrateModel} from './calibrate_model';
import {calibratedScores, calibrationOn, Candidate, TrainedCandidate} from './candidate';
import {byLoss, fitGates, Gates, selectionOfSet} from './fit_gates';
import type {ModelForm} from './forms';
import type {HeldOutParts} from './held_out_parts';
import {idTable, linearModel, ofRows, setLinear} from './linear_model';
import {logitsOf} from './model_products';
import {trainBySchedule} from './trainer';
import {defaultRidges, linearLogits, ridgePath} from './ridge_path';

/** Logistic regression with the penalty that V2 prefers; nothing where the model is one's own. */
export async function linearCandidate(recipe: Recipe, parts: HeldOutParts): Promise<TrainedCandidate[]> {
  const {fields, train, seed, store, onStep} = recipe;
  if (fields === null) return [];
  const trained = await remembered(store, 'LR', async (): Promise<TrainedCandidate> => {
    const start = performance.now();
    const {choice} = parts;
    const {ids} = ofRows(choice);
    const seen: Array<{logits: Float64Array; loss: number}> = [];
    const fits = ridgePath(await idTable(train, seed), fields, defaultRidges, known => {
      const logits = linearLogits(ids, fields, known[known.length - 1]);
      seen.push({logits, loss: calibratedScores(choice, logits).logloss});
      return hasTurned(seen.map(({loss}) => loss));
    });
    const best = seen.reduce((least, {loss}, i) => (loss < seen[least].loss ? i : least), 0);
    const {kernel, ridge} = fits[best];
    const logits = Array.from(seen[best].logits);
    const gates = linearLogits(ofRows(parts.gates).ids, fields, fits[best]);
    return {
      logits,
      candidate: {
        name: 'LR',
        form: 'LR',
        selection: [],
        crosses: false,
        parameters: kernel.length + 1,
        choice: calibratedScores(choice, logits),
        calibration: calibrationOn(parts, {gates, choice: logits}),
        schedule: null,
        ridge,
        startRidge: null,
        seconds: (performance.now() - start) / 1000,
      },
    };
  });
  recipe.ridge = trained.candidate.ridge;
  onStep?.(foundWords(trained), {type: 'trained', candidate: trained.candidate});
  return [trained];
}

/** Whether a path of losses has risen twice in a row: it is convex but for noise, and what follows is worse. */
function hasTurned(losses: readonly number[]): boolean {
  const [before, last, now] = losses.slice(-3);
  return losses.length > 2 && last > before && now > last;
}

/** A base: its candidates with all interactions, the form of the best one, and the gates on the products of that. */
interface FoundBase {
  trained: TrainedCandidate[];
  best: ModelForm;
  gates: Gates;
}

/**
 * All interactions in forms from the firmest penalty to the lightest, up to the first that V2 finds worse than the one
 * before; and the gates on the products of the best.
 */
export async function baseCandidates(
  recipe: Recipe,
  parts: HeldOutParts,
  forms: readonly ModelForm[],
): Promise<FoundBase> {
  const {store, seed, onStep} = recipe;
  const trained: TrainedCandidate[] = [];
  let best: {form: ModelForm; candidate: Candidate; model: tfl.LayersModel | null} | null = null;
  for (const form of forms) {
    const name = `${form.name}, all ${form.all.length}`;
    const shape = {form, name, selection: form.all};
    let model: tfl.LayersModel | null = null;
    const found = await remembered(store, name, async () => {
      const {model: own, ...rest} = await trainOne(recipe, parts, shape);
      model = own;
      return rest;
    });
    trained.push(found);
    onStep?.(foundWords(found), {type: 'trained', candidate: found.candidate});
    const {candidate} = found;
    const isWorse = best !== null && candidate.choice.logloss >= best.candidate.choice.logloss;
    (isWorse ? (model as tfl.LayersModel | null) : best?.model)?.dispose();
    if (isWorse) break;
    best = {form, candidate, model};
  }
  const {form, model, candidate} = best!;
  const {name} = candidate;
  const gates = await remembered(store, `gates of ${name}`, async () => {
    // A selection that goes on has the scores of the best, but not its model.
    const base = model ?? (await trainOne(recipe, parts, {form, name, selection: form.all})).model;
    const fitted = fitGates(base, {base: form.name, all: form.all, parts, seed});
    base.dispose();
    return fitted;
  });
  onStep?.(`gates on ${name} leave ${gates.path[gates.chosen].open} open`, {type: 'gates', candidate, gates});
  return {trained, best: form, gates};
}

/** Of so many gates, those that V2 prefers, the sets are retrained. */
const GATES_RETRAINED = 2;

/**
 * The sets of the gates that V2 prefers and of those next to them, retrained in the forms of their bases; and the best of
 * these models with memorised crosses.
 */
export async function slimCandidates(
  recipe: Recipe,
  parts: HeldOutParts,
  gates: readonly Gates[],
): Promise<TrainedCandidate[]> {
  if (gates.length === 0) return [];
  const sets = byLoss(gates)
    .slice(0, GATES_RETRAINED)
    .flatMap(own => setsOf(recipe, own));
  const trained: TrainedCandidate[] = [];
  for (const {base, selection} of sets)
    trained.push(await slimCandidate(recipe, parts, {form: recipe.slimForm(base, selection), selection}));
  const top = trained.reduce<TrainedCandidate | null>(
    (a, b) => (a === null || b.candidate.choice.auc > a.candidate.choice.auc ? b : a),
    null,
  );
  // Only rows in memory can be counted.
  if (top !== null && recipe.fields !== null && typeof recipe.train !== 'function') {
    const {
      candidate: {form, selection},
    } = top;
    const crosses = await crossesOf(recipe.train, recipe.fields, selection, recipe.seed);
    if (crosses !== undefined)
      trained.push(await slimCandidate(recipe, parts, {form: recipe.formOf(form), selection, crosses}));
  }
  return trained;
}

/** What gates leave open, where they close some. */
function setsOf(recipe: Recipe, gates: Gates): Array<{base: ModelForm; selection: Selection}> {
  const base = recipe.formOf(gates.base);
  return gates.sets
    .filter(set => set.length < base.all.length)
    .map(set => ({base, selection: selectionOfSet(base.all, gates, set)}));
}

interface Shape {
  form: ModelForm;
  selection: Selection;
  crosses?: Crosses;
}

async function slimCandidate(recipe: Recipe, parts: HeldOutParts, shape: Shape): Promise<TrainedCandidate> {
  const {form, selection, crosses} = shape;
  const withCrosses = crosses === undefined ? '' : ', with crosses';
  const name = `${form.name}, ${selection.length} of ${form.all.length}${withCrosses}`;
  const trained = await remembered(
    recipe.store,
    `${name}: ${selection.map(({gate, interaction}) => `${gate}:${interaction}`).join(' ')}`,
    async () => {
      const {model, ...own} = await trainOne(recipe, parts, {...shape, name});
      model.dispose();
      return own;
    },
  );
  recipe.onStep?.(foundWords(trained), {type: 'trained', candidate: trained.candidate});
  return trained;
}

async function trainOne(
  recipe: Recipe,
  parts: HeldOutParts,
  {form, name, selection, crosses}: Shape & {name: string},
): Promise<TrainedCandidate & {model: tfl.LayersModel}> {
  const {train, trainer, seed, schedule: usual} = recipe;
  const start = performance.now();
  const startRidge = form.onLinear ? recipe.ridge : null;
  const schedule = {...usual, learningRate: form.learningRate ?? usual.learningRate};
  const model = form.build(selection, seed, crosses);
  if (startRidge !== null) await startOnLinear(recipe, model, train, startRidge);
  const purpose = selection === form.all ? 'base' : 'slim';
  await trainBySchedule(trainer, {name, purpose, model, train, schedule, seed});
  const logits = Array.from(logitsOf(model, parts.choice.xs));
  return {
    model,
    logits,
    candidate: {
      name,
      form: form.name,
      selection,
      crosses: crosses !== undefined,
      parameters: model.countParams(),
      choice: calibratedScores(parts.choice, logits),
      calibration: calibrationOn(parts, {gates: logitsOf(model, parts.gates.xs), choice: logits}),
      schedule,
      ridge: null,
      startRidge,
      seconds: (performance.now() - start) / 1000,
    },
  };
}

/**
 * A candidate trained anew on all rows, and calibrated as it was without them. A model of one's own stays as it was
 * trained: where its logit comes from is not known.
 */
export async function trainForGood(recipe: Recipe, rows: TrainingRows, candidate: Candidate): Promise<tfl.LayersModel> {
  const model = await trainAgain(recipe, rows, candidate, 'on all rows');
  if (recipe.fields !== null) calibrateModel(model, candidate.calibration);
  return model;
}

/**
 * A candidate trained anew, on other rows.
 *
 * @param where What these rows are, such as "on all rows".
 */
export async function trainAgain(
  recipe: Recipe,
  rows: TrainingRows,
  candidate: Candidate,
  where: string,
): Promise<tfl.LayersModel> {
  const {fields, trainer, seed} = recipe;
  const {name, form, selection, crosses, schedule, ridge, startRidge} = candidate;
  if (ridge !== null) return linearModel(fields!, ridgePath(await idTable(rows, seed), fields!, [ridge])[0]);
  const model = recipe
    .formOf(form)
    .build(selection, seed, crosses ? await crossesOf(rows, fields!, selection, seed) : undefined);
  if (startRidge !== null) await startOnLinear(recipe, model, rows, startRidge);
  await trainBySchedule(trainer, {
    name: `${name}, ${where}`,
    purpose: 'again',
    model,
    train: rows,
    schedule: schedule!,
    seed,
  });
  recipe.onStep?.(`trained ${name} ${where}`, {type: 'retrained', candidate});
  return model;
}

/** Gives a model's linear part the weights of logistic regression on the rows that it is to be trained on. */
async function startOnLinear(
  {fields, seed}: Recipe,
  model: tfl.LayersModel,
  rows: TrainingRows,
  ridge: number,
): Promise<void> {
  const [fit] = ridgePath(await idTable(rows, seed), fields!, [ridge]);
  setLinear(model, fit);
}

/** The combinations of values that enough rows have; undefined where there are none. */
async function crossesOf(
  rows: TrainingRows,
  fields: readonly FieldSpec[],
  selection: Selection,
  seed: number,
): Promise<Crosses | undefined> {
  const {ids} = await idTable(rows, seed);
  const crosses = fitCrosses({ids, fields: [...fields], interactions: selection.map(({interaction}) => interaction)});
  return crosses.counts.some(count => count > 0) ? crosses : undefined;
}

const foundWords = ({candidate: {name, choice}}: TrainedCandidate) => `${name}: AUC ${choice.auc.toFixed(4)} on V2`;
