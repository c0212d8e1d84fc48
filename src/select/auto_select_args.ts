import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../checks';
import {AutofisError, invalidArgument, show} from '../errors';
import {checkCompiled, checkModel} from '../stages/gates';
import {LabeledRows, rowsIn, TrainingRows} from '../training/rows';
import {AbortCallback} from '../training/abort_callback';
import type {StepStore} from '../training/step_store';
import {Schedule, scheduleFor} from '../training/schedule';
import type {Candidate} from './candidate';
import type {Gates} from './fit_gates';
import {checkSelectRows} from './check_select_rows';
import {ownForm} from './forms';
import type {Interacting} from '../components/interacting_fields';
import type {Effort} from './library_forms';
import {libraryModels, type Models} from './library_models';
import {rarerLabel} from './rarer_label';
import type {Ridge} from '../components/linear/ridge_penalty';
import type {LinearFit} from '../components/linear/ridge_regression';
import {plainTrainer, Trainer} from '../components/products/trainer';

export interface AutoSelectArgs {
  /** The fields of the ids; the recipe then builds logistic regression, FM and FFM of them. Give this or `model`. */
  fields?: readonly FieldSpec[];
  /**
   * A compiled model with gates, such as `autoDeepFm(...)`: its architecture counts, not its weights. It is not
   * changed.
   */
  model?: tfl.LayersModel;
  /** Rows to train on. */
  train: TrainingRows;
  /** Rows for gates and for choices, half of them each. */
  validation: LabeledRows;
  /** Rows that take no part in any choice; they are scored once, at the end. */
  test?: LabeledRows;
  /** How much is tried, {@link Effort}; default 'normal'. A `model` is trained alike with each. */
  effort?: Effort;
  /** How every model is trained; what is not given is as `scheduleFor` has it for the number of rows. */
  schedule?: Partial<Schedule>;
  /** Seed of all starts, orders and splits, an integer >= 0; default 1. */
  seed?: number;
  /**
   * Keeps the result of each step, so that an interrupted selection continues when it is started again. One store for
   * each set of rows and settings: a store of others is refused.
   */
  store?: StepStore;
  /** Makes the trainings, such as with checkpoints; by default `fitModel` does. */
  trainer?: Trainer;
  /**
   * How many independent trainings run in parallel, an integer >= 1; default 1. More
   * pays with `TrainingThreads`. The result does not depend on it.
   */
  parallel?: number;
  /**
   * Ends the selection when it is aborted: after a batch of a training, or a fit of tables or of logistic regression.
   * The promise is rejected with the signal's reason, no model or rows are left in memory, and finished steps stay in
   * `store`.
   */
  signal?: AbortSignal;
  /** Called after each step with what it found: as a sentence, and as data. */
  onStep?: (words: string, step: SelectStep) => void;
}

/** A finished step of the recipe. */
export type SelectStep =
  /** A candidate that was trained. */
  | {type: 'trained'; candidate: Candidate}
  /** The gates on the products of a base. */
  | {type: 'gates'; candidate: Candidate; gates: Gates}
  /** The choice. */
  | {type: 'chose'; candidate: Candidate}
  | {type: 'retrained'; candidate: Candidate}
  | {type: 'test'};

/** The arguments with their defaults, and the models to train. */
export interface Recipe extends Models {
  /** Null where LR cannot be trained: the caller's model may read other inputs. */
  fields: readonly FieldSpec[] | null;
  /** The models for fewer fields that may interact. */
  among(interacting: Interacting): Models;
  train: TrainingRows;
  validation: LabeledRows;
  test: LabeledRows | undefined;
  schedule: Schedule;
  seed: number;
  /** Trainings whose mean the choice is, each with a seed of its own. */
  members: number;
  store: StepStore | undefined;
  trainer: Trainer;
  parallel: number;
  signal: AbortSignal | undefined;
  onStep: AutoSelectArgs['onStep'];
  warnings: string[];
  /** The penalty of logistic regression that V2 prefers; null before it is known, and where there is none. */
  ridge: Ridge | null;
  /** Logistic regression with this penalty, of the rows that it was fitted to. */
  linearFits: WeakMap<TrainingRows, Promise<LinearFit>>;
}

/** Trainings of the choice with effort 'thorough'. */
const MEMBERS = 3;
/** With fewer rows of a label than these in training and validation together, only logistic regression is trained. */
const TOO_FEW = 40;

const KEYS = [
  'fields',
  'model',
  'train',
  'validation',
  'test',
  'effort',
  'schedule',
  'seed',
  'store',
  'trainer',
  'parallel',
  'signal',
  'onStep',
];

/** Check that the arguments fit together, and fill in the defaults. */
export function checkAutoSelect(where: string, args: AutoSelectArgs): Recipe {
  checkKeys(where, args, KEYS);
  const {
    fields,
    model,
    train,
    validation,
    test,
    effort = 'normal',
    schedule: own = {},
    seed = 1,
    store,
    trainer = plainTrainer,
    parallel = 1,
    signal,
    onStep,
  } = args;
  checkGiven(where, args);
  if (typeof trainer !== 'function')
    throw invalidArgument(where, 'trainer', 'be a function, such as that of TrainingThreads', trainer);
  checkChoice(where, 'effort', effort, ['quick', 'normal', 'thorough']);
  checkInteger(where, 'seed', seed, 0);
  checkInteger(where, 'parallel', parallel, 1);
  const schedule = {...scheduleFor(rowsIn(train)), ...own};
  checkSchedule(where, own, schedule);
  const shared = {
    train,
    validation,
    test,
    schedule,
    seed,
    members: model === undefined && effort === 'thorough' ? MEMBERS : 1,
    store,
    trainer: signal === undefined ? trainer : abortable(trainer, signal),
    // The caller's models are trained by fitDataset, in one thread.
    parallel: model === undefined ? parallel : 1,
    signal,
    onStep,
    warnings: [] as string[],
    ridge: null,
    linearFits: new WeakMap<TrainingRows, Promise<LinearFit>>(),
  };
  if (model !== undefined) return {...shared, ...ownModels(where, model)};
  const tooFew = whyTooFew(args);
  if (tooFew !== null) shared.warnings.push(tooFew);
  const of = {fields: fields!, schedule, rows: rowsIn(train), effort: tooFew === null ? effort : null};
  const among = (interacting?: Interacting) => libraryModels(of, interacting);
  return {...shared, fields: fields!, ...among(), among};
}

/** A trainer whose trainings end when a signal is given. */
function abortable(trainer: Trainer, signal: AbortSignal): Trainer {
  return job => trainer({...job, callbacks: [...job.callbacks, new AbortCallback(signal)]});
}

/** Check that there is one thing to select in, rows to do it by, and how to end it. */
function checkGiven(where: string, args: AutoSelectArgs): void {
  const {fields, model, signal} = args;
  if ((fields === undefined) === (model === undefined)) {
    throw new AutofisError(
      `${where}: give either \`fields\`, from which the recipe builds its models, or \`model\`, a model of your ` +
        `own with gates. Received: ${fields === undefined ? 'neither' : 'both'}.`,
    );
  }
  checkSelectRows(where, args);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new AutofisError(`${where}: \`signal\` must be an AbortSignal. Received: ${show(signal)}.`);
}

/** What is trained where the model is the caller's own. */
function ownModels(where: string, model: tfl.LayersModel): Models & Pick<Recipe, 'fields' | 'among'> {
  checkModel(where, model);
  checkCompiled(where, model);
  const own = ownForm(model);
  const models = {interacting: undefined, bases: [() => [own]], slimForm: () => own, formOf: () => own};
  return {fields: null, ...models, among: () => models};
}

/** The warning where rows are too few for interactions; null where they are not. */
function whyTooFew({train, validation}: AutoSelectArgs): string | null {
  const rarer = rarerLabel(validation, ...(typeof train === 'function' ? [] : [train]));
  if (rarer >= TOO_FEW) return null;
  return (
    `Only ${rarer} training and validation rows have the rarer label, too few to tell an interaction from ` +
    'chance. Only logistic regression was trained. Give more rows.'
  );
}

function checkSchedule(where: string, own: Partial<Schedule>, {batchSize, epochs, learningRate}: Schedule): void {
  checkKeys(`${where}: schedule`, own, ['batchSize', 'epochs', 'learningRate']);
  checkInteger(where, 'schedule.batchSize', batchSize, 1);
  checkInteger(where, 'schedule.epochs', epochs, 1);
  checkNumber(where, 'schedule.learningRate', learningRate, '(0, Infinity)');
}
