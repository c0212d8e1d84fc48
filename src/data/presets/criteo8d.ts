import {AutofisError} from '../../errors';
import {readCsv} from '../sql/read_csv';
import {literal} from '../../sql_literals';
import {categoricalFields, numbered, type Preset} from './preset';

export interface Criteo8dOptions {
  /** Files of training rows: each ...x.txt has its ...y.txt. Paths, in the order in which both are read. */
  train: {x: string | readonly string[]; y: string | readonly string[]};
  test?: {x: string | readonly string[]; y: string | readonly string[]};
}

const FIELDS = numbered('f', 0, 38);

/**
 * Criteo as the AutoFIS experiments have it: eight days, labels about 1:1, 39 ids a line in x.txt, separated by spaces,
 * all fields in one space of 1,178,909 ids, and the labels in y.txt. Each field gets ids of its own again, all values
 * that training has. Its numbers cannot be compared with those of Kaggle's rows.
 * @throws AutofisError unless each file of ids has one of labels.
 * @example
 * await prepare({...criteo8d({train: {x: 'train/part_0_x.txt', y: 'train/part_0_y.txt'}}), folder: 'shards'});
 */
export function criteo8d({train, test}: Criteo8dOptions): Preset {
  const part = (name: string, {x, y}: Criteo8dOptions['train']) => {
    const count = (files: string | readonly string[]) => (typeof files === 'string' ? 1 : files.length);
    if (count(x) !== count(y))
      throw new AutofisError(
        `criteo8d: \`${name}\` has ${count(x)} files of ids and ${count(y)} of labels. ` +
          'Give one file of labels for each file of ids.',
      );
    // A row without its partner has no label, or is nothing but a label: either way it is rejected.
    return (
      `SELECT ${literal(name)} AS part, CASE WHEN f38 IS NOT NULL THEN y END AS y, x.* ` +
      `FROM ${readCsv(x, FIELDS, {delim: ' '})} x POSITIONAL JOIN ${readCsv(y, ['y'], {delim: '\x01'})} y`
    );
  };
  return {
    source: {sql: [part('train', train), ...(test === undefined ? [] : [part('test', test)])].join(' UNION ALL ')},
    schema: {version: 1, label: {column: 'y'}, fields: categoricalFields(FIELDS)},
    split: {by: 'column', column: 'part', train: ['train'], test: ['test']},
  };
}
