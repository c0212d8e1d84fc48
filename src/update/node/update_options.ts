import type {BundleStore} from '../../bundle/store';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../../checks';
import {AutofisError} from '../../errors';
import type {Source} from '../../data/sources/source';
import type {ProgressOption} from '../../data/staging/progress';
import type {Trainer} from '../../components/products/trainer';

export interface UpdateOptions {
  /** The newer rows, with labels: files or a query. */
  source: Source;
  /** Where the new bundle goes; by default it replaces the old one. */
  out?: string | BundleStore;
  /** Share of the rows, the newest ones, that are held out; in (0, 1), default 0.2. */
  heldOut?: number;
  /**
   * The column that says how new a row is: dates in the form that the bundle's schema reads them, numbers, or text that
   * sorts by time. By default rows are in order of time.
   */
  timeColumn?: string;
  /**
   * Searches interactions again, on the given rows, which then hold all earlier ones, too, and trains their model from
   * scratch, as `run` does. Default false: the newer rows alone continue the training. It needs `heldOut`, at most the
   * share of the rows that are newer than the bundle's, since the bundle has seen all others. The bundle must be one of
   * `run` or `select`.
   */
  refit?: boolean;
  /** Passes over the rows; an integer >= 1, default 2. Of no effect with `refit`. */
  epochs?: number;
  /**
   * Values that no row has had in this number of updates in a row, this one included, are dropped: their rows read what
   * unseen values have. An integer >= 1; by default values stay. The bundle counts from the first update with it.
   */
  dropUnused?: number;
  /** True to write the bundle even if it is worse than the old one; default false. */
  force?: boolean;
  /** Most rows that may be left out since they cannot be used; default 0. */
  maxRejects?: number;
  /** Seed of orders and starts, an integer >= 0; default 1. */
  seed?: number;
  progress?: ProgressOption;
  /** Makes the trainings; by default `fitDataset` does. */
  trainer?: Trainer;
}

const KEYS: ReadonlyArray<keyof UpdateOptions> = [
  'source',
  'out',
  'heldOut',
  'timeColumn',
  'refit',
  'epochs',
  'dropUnused',
  'force',
  'maxRejects',
  'seed',
  'progress',
  'trainer',
];

/** Check that the options of an update are valid. */
export function checkUpdateOptions(where: string, options: UpdateOptions): void {
  checkKeys(where, options, KEYS);
  const {heldOut = 0.2, epochs = 1, dropUnused = 1, force = false, refit = false, seed = 1} = options;
  checkNumber(where, 'heldOut', heldOut, '(0, 1)');
  checkInteger(where, 'epochs', epochs, 1);
  checkInteger(where, 'dropUnused', dropUnused, 1);
  checkChoice(where, 'force', force, [true, false]);
  checkChoice(where, 'refit', refit, [true, false]);
  if (refit && options.heldOut === undefined) {
    throw new AutofisError(
      `${where}: with \`refit\`, give \`heldOut\`, too: the share of the rows that are newer than the bundle's, or ` +
        'less. The bundle has been trained on all others, so they cannot compare it with the new model.',
    );
  }
  checkInteger(where, 'seed', seed, 0);
}
