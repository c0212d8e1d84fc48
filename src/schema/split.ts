import {checkChoice, checkInteger, checkKeys, checkNumber, checkThat} from '../checks';
import {dateReader} from './rules/date_reader';

/** The parts that rows go to. */
export const PARTS = ['train', 'valid', 'test'] as const;
export type PartName = (typeof PARTS)[number];

/**
 * Which row belongs to which part. A vocabulary is fitted on `train` only.
 * - `column`: by the values of a column; a row with another value is left out. `validOfTrain` gives a fraction of the
 *   training rows to `valid`, seeded as in `fraction`.
 * - `file`: by the name of the file, without its folders; a row of another file is left out.
 * - `fraction`: seeded and row by row; the same row gets the same part at every run.
 * - `group`: shares of the groups, which are the values of a column; seeded. All rows of a group are in one part, so a
 *   part may have more or fewer rows than its share; a row without a value is left out.
 * - `order`: the last rows of the source, in its order, are test, those before them valid: shares of all rows.
 * - `time`: rows from `testFrom` on are test, those from `validFrom` on valid, all before train; rows from `until` on
 *   are left out, and so is a row without a time. With `format` times are dates: 'iso' for ISO 8601, or a format as a
 *   date's rule has; cuts are then ISO 8601 in any case. Without it numbers are compared as numbers, strings by their
 *   bytes, as suits Avazu's "14103000".
 */
export type Split =
  | {
      by: 'column';
      column: string;
      train?: readonly string[];
      valid?: readonly string[];
      test?: readonly string[];
      validOfTrain?: {fraction: number; seed: number};
    }
  | {by: 'file'; train?: readonly string[]; valid?: readonly string[]; test?: readonly string[]}
  | {by: 'fraction'; valid?: number; test?: number; seed: number}
  | {by: 'group'; column: string; valid?: number; test?: number; seed: number}
  | {by: 'order'; valid?: number; test?: number}
  | {
      by: 'time';
      column: string;
      format?: string;
      validFrom?: string | number;
      testFrom?: string | number;
      until?: string | number;
    };

/** A split by time. */
export type TimeSplit = Extract<Split, {by: 'time'}>;

/** Check a split and return it. */
export function checkSplit(where: string, split: Split): Split {
  checkChoice(where, 'split.by', split?.by, ['column', 'file', 'fraction', 'group', 'order', 'time'] as const);
  const at = `${where}: \`split\``;
  if (split.by === 'column' || split.by === 'group' || split.by === 'time') {
    const isName = typeof split.column === 'string' && split.column !== '';
    checkThat(isName, where, 'split.column', 'be the name of a column', split.column);
  }
  if (split.by === 'fraction' || split.by === 'group' || split.by === 'order') {
    const more = {fraction: ['seed'], group: ['column', 'seed'], order: []}[split.by];
    checkKeys(at, split, ['by', 'valid', 'test', ...more]);
    for (const part of ['valid', 'test'] as const) {
      if (split[part] !== undefined) checkNumber(where, `split.${part}`, split[part], '[0, 1]');
    }
    const rule = 'leave rows for training: `valid` and `test` together are below 1';
    checkThat((split.valid ?? 0) + (split.test ?? 0) < 1, where, 'split', rule, split);
    if (split.by !== 'order') checkInteger(where, 'split.seed', split.seed, 0);
    return split;
  }
  if (split.by === 'time') return checkTimeSplit(where, split);
  checkKeys(at, split, ['by', 'train', 'valid', 'test', ...(split.by === 'column' ? ['column', 'validOfTrain'] : [])]);
  if (split.by === 'column' && split.validOfTrain !== undefined) {
    checkKeys(`${where}: \`split.validOfTrain\``, split.validOfTrain, ['fraction', 'seed']);
    checkNumber(where, 'split.validOfTrain.fraction', split.validOfTrain.fraction, '(0, 1)');
    checkInteger(where, 'split.validOfTrain.seed', split.validOfTrain.seed, 0);
  }
  const lists = PARTS.map(part => split[part] ?? []);
  const values = lists.flat();
  const areSound =
    lists.every(list => Array.isArray(list)) &&
    values.every(value => typeof value === 'string') &&
    new Set(values).size === values.length &&
    lists[0].length > 0;
  checkThat(areSound, where, 'split', 'list strings for `train` and the other parts, each of them once', split);
  return split;
}

/** The `format` of a split by time that stands for ISO 8601. */
export const ISO_DATES = 'iso';

const CUTS = ['validFrom', 'testFrom', 'until'] as const;

function checkTimeSplit(where: string, split: TimeSplit): Split {
  checkKeys(`${where}: \`split\``, split, ['by', 'column', 'format', ...CUTS]);
  const cuts = CUTS.filter(key => split[key] !== undefined).map(key => ({key, value: split[key]!}));
  const parts = cuts.filter(({key}) => key !== 'until');
  const isCut = (value: string | number) => typeof value === 'string' || Number.isFinite(value);
  const areAlike = cuts.every(({value}) => isCut(value)) && new Set(cuts.map(cut => typeof cut.value)).size === 1;
  const needed = 'have `validFrom`, `testFrom` or both, all finite numbers or all strings';
  checkThat(parts.length > 0 && areAlike, where, 'split', needed, split);
  if (split.format !== undefined) {
    dateReader(`${where}: \`split.format\``, split.format === ISO_DATES ? undefined : split.format);
    const isDate = dateReader(where);
    const wrong = cuts.find(({value}) => typeof value !== 'string' || isDate(value) === undefined);
    const rule = 'be a date in ISO 8601, since the split has a `format`';
    checkThat(wrong === undefined, where, `split.${wrong?.key}`, rule, wrong?.value);
  }
  cuts.slice(1).forEach(({key, value}, i) => {
    const earlier = cuts[i];
    checkThat(earlier.value <= value, where, `split.${earlier.key}`, `not be later than \`${key}\``, earlier.value);
  });
  return split;
}
