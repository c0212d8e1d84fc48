import type {BundleStore} from '../../bundle/store';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../../checks';
import type {Source} from '../../data/sources/source';
import type {ProgressOption} from '../../data/staging/progress';
import type {Trainer} from '../../select/trainer';

export interface UpdateOptions {
  /** The newer rows, with labels: files or a query. */
  source: Source;
  /** Where the new bundle goes; default in the place of the old one. */
  out?: string | BundleStore;
  /** Share of the rows, the newest ones, that are held out; in (0, 1), default 0.2. */
  heldOut?: number;
  /**
   * The column that says how new a row is: dates in the form that the bundle's schema reads them, numbers, or text that
   * sorts by time. By default rows are in order of time.
   */
  timeColumn?: string;
  /** Passes over the rows; an integer >= 1, default 2. */
  epochs?: number;
  /**
   * Values that no row has had in this number of updates in a row, this one included, are dropped: their rows read what
   * unseen values have. An integer >= 1; by default values stay. The bundle counts from the first update with it.
   */
  dropUnused?: number;
  /** Whether the bundle is written where it is worse, too; default false. */
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
  const {heldOut = 0.2, epochs = 1, dropUnused = 1, force = false, seed = 1} = options;
  checkNumber(where, 'heldOut', heldOut, '(0, 1)');
  checkInteger(where, 'epochs', epochs, 1);
  checkInteger(where, 'dropUnused', dropUnused, 1);
  checkChoice(where, 'force', force, [true, false]);
  checkInteger(where, 'seed', seed, 0);
}
