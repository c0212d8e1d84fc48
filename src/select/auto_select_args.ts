import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../checks';
import {plainTrainer, type Trainer} from '../components/products/trainer';
import type {Forbidden} from '../components/possible_pairs';
import {AutofisError, invalidArgument, show} from '../errors';
import {checkCompiled, checkModel} from '../stages/gates';
import {AbortCallback} from '../training/abort_callback';
import {type LabeledRows, rowsIn, type TrainingRows} from '../training/rows';
import {type Schedule, scheduleFor} from '../training/schedule';
import type {StepStore} from '../training/step_store';
import {checkSelectRows} from './check_select_rows';
import type {Decision} from './decision';
import {type Effort, SHARE} from './effort';

export interface AutoSelectArgs {
  /** The fields of the ids. Give this or `model`. */
  fields?: readonly FieldSpec[];
  /**
   * A compiled model with gates, such as `autoDeepFm(...)`: its architecture counts, not its weights. It is not
   * changed. `effort`, `share`, `forbid`, `store`, `trainer` and `schedule.learningRate` are for `fields` alone.
   */
  model?: tfl.LayersModel;
  /** Rows to train on. */
  train: TrainingRows;
  /** Further rows; with `fields` they join the folds, with `model` they judge its gates. */
  validation: LabeledRows;
  /** Rows that take no part in any decision; they are scored once, at the end. */
  test?: LabeledRows;
  /** Number of folds and penalties to try, {@link Effort}; default 'normal'. */
  effort?: Effort;
  /** Overrides of the training schedule of products; defaults come from `scheduleFor` for the number of rows. */
  schedule?: Partial<Schedule>;
  /** Share of the gates' saving that closed interactions may give up, in [0, 1); default 0.015; 0.1 gives fewer. */
  share?: number;
  /** Names of fields that take part in no interaction, and pairs of names that are in none together; default none. */
  forbid?: readonly Forbidden[];
  /** Seed of all starts, orders and folds, an integer >= 0; default 1. */
  seed?: number;
  /**
   * Keeps the result of each step, so that an interrupted selection continues when it is started again. One store for
   * each set of rows and settings: a store of others is refused.
   */
  store?: StepStore;
  /** Makes the trainings, such as with checkpoints; by default `fitModel` does. */
  trainer?: Trainer;
  /**
   * Number of independent trainings that run in parallel, an integer >= 1; default 1. More than 1 pays with
   * `TrainingThreads`. The result does not depend on it.
   */
  parallel?: number;
  /**
   * Ends the selection when it is aborted: after a batch of a training, or a fit of tables, cells or logistic
   * regression. The promise is rejected with the signal's reason, no model or rows are left in memory, and finished
   * steps stay in `store`.
   */
  signal?: AbortSignal;
  /** Called after each step with its result: as a sentence, and as data. */
  onStep?: (words: string, step: SelectStep) => void;
}

/** A finished step of a selection. */
export type SelectStep =
  /** Components were fitted without a fold and evaluated on it. */
  | {type: 'fold'; done: number; folds: number}
  /** The gates were decided. */
  | {type: 'decided'; decision: Decision}
  /** A model was trained on all rows except the test rows. */
  | {type: 'retrained'; role: 'chosen' | 'linear' | 'all'}
  | {type: 'test'};

/** The arguments with their defaults. */
export interface CheckedArgs {
  train: TrainingRows;
  validation: LabeledRows;
  test: LabeledRows | undefined;
  effort: Effort;
  schedule: Schedule;
  share: number;
  forbid: readonly Forbidden[];
  seed: number;
  store: StepStore | undefined;
  trainer: Trainer;
  parallel: number;
  signal: AbortSignal | undefined;
  onStep: NonNullable<AutoSelectArgs['onStep']>;
}

const KEYS: ReadonlyArray<keyof AutoSelectArgs> = [
  'fields',
  'model',
  'train',
  'validation',
  'test',
  'effort',
  'schedule',
  'share',
  'forbid',
  'seed',
  'store',
  'trainer',
  'parallel',
  'signal',
  'onStep',
];

/** Check that the arguments fit together, and fill in the defaults. */
export function checkAutoSelect(where: string, args: AutoSelectArgs): CheckedArgs {
  checkKeys(where, args, KEYS);
  const {
    model,
    train,
    validation,
    test,
    effort = 'normal',
    schedule: given = {},
    share = SHARE,
    forbid = [],
    seed = 1,
    store,
    trainer = plainTrainer,
    parallel = 1,
    signal,
    onStep = () => undefined,
  } = args;
  checkGiven(where, args);
  if (typeof trainer !== 'function')
    throw invalidArgument(where, 'trainer', 'be a function, such as that of TrainingThreads', trainer);
  checkChoice(where, 'effort', effort, ['quick', 'normal', 'thorough']);
  checkNumber(where, 'share', share, '[0, 1)');
  checkForbid(where, forbid, args.fields);
  checkInteger(where, 'seed', seed, 0);
  checkInteger(where, 'parallel', parallel, 1);
  const schedule = {...scheduleFor(rowsIn(train)), ...given};
  checkSchedule(where, given, schedule);
  if (model !== undefined) {
    checkModel(where, model);
    checkCompiled(where, model);
  }
  return {
    train,
    validation,
    test,
    effort,
    schedule,
    share,
    forbid,
    seed,
    store,
    trainer: signal === undefined ? trainer : abortable(trainer, signal),
    // The caller's models are trained by fitDataset, in one thread.
    parallel: model === undefined ? parallel : 1,
    signal,
    onStep,
  };
}

/** A trainer whose trainings end when a signal is given. */
function abortable(trainer: Trainer, signal: AbortSignal): Trainer {
  return job => trainer({...job, callbacks: [...job.callbacks, new AbortCallback(signal)]});
}

/** Check that there is one thing to select in, rows to do it by, and how to end it. */
function checkGiven(where: string, args: AutoSelectArgs): void {
  const {fields, model, signal, effort, share, forbid, store, trainer, schedule} = args;
  if ((fields === undefined) === (model === undefined)) {
    throw new AutofisError(
      `${where}: give either \`fields\`, of which components are fitted, or \`model\`, a model of your ` +
        `own with gates. Received: ${fields === undefined ? 'neither' : 'both'}.`,
    );
  }
  const ofFields = {effort, share, forbid, store, trainer, 'schedule.learningRate': schedule?.learningRate};
  const [[name, value] = []] = Object.entries(ofFields).filter(entry => entry[1] !== undefined);
  if (model !== undefined && name !== undefined)
    throw invalidArgument(where, name, 'be absent with `model`, which is trained as it is compiled', value);
  checkSelectRows(where, args);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new AutofisError(`${where}: \`signal\` must be an AbortSignal. Received: ${show(signal)}.`);
}

function checkForbid(where: string, forbid: readonly Forbidden[], fields: AutoSelectArgs['fields']): void {
  if (!Array.isArray(forbid)) throw invalidArgument(where, 'forbid', 'be an array', forbid);
  const names: unknown[] = (fields ?? []).map(({name}) => name);
  for (const [k, entry] of (forbid as unknown[]).entries()) {
    const chosen: unknown[] = Array.isArray(entry) ? entry : [entry];
    const count = Array.isArray(entry) ? 2 : 1;
    if (chosen.length !== count || new Set(chosen).size < count || !chosen.every(name => names.includes(name)))
      throw invalidArgument(where, `forbid[${k}]`, `name a field, or two fields, of ${names.join(', ')}`, entry);
  }
}

function checkSchedule(where: string, given: Partial<Schedule>, {batchSize, epochs, learningRate}: Schedule): void {
  checkKeys(`${where}: schedule`, given, ['batchSize', 'epochs', 'learningRate']);
  checkInteger(where, 'schedule.batchSize', batchSize, 1);
  checkInteger(where, 'schedule.epochs', epochs, 1);
  checkNumber(where, 'schedule.learningRate', learningRate, '(0, Infinity)');
}
