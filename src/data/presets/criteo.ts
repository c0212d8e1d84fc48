import {AutofisError, show} from '../../errors';
import type {FieldRule} from '../../schema/schema';
import {resolveFiles} from '../sources/resolve_files';
import {headerOf} from '../sources/text_header';
import {readCsv} from '../sql/read_csv';
import {identifier} from '../../sql_literals';
import {withEngine} from '../with_engine';
import {numbered, type Preset} from './preset';

export interface CriteoOptions {
  /** train.txt of Kaggle's challenge, day_0 to day_23 of the terabyte log, or files of one of the other forms. */
  files: string | readonly string[];
  /** Training rows that a value needs for an id of its own. Default 10, as in Criteo_x4_001; Criteo_x4_002 has 2. */
  minCount?: number;
  /** Shares of the random split. Default 0.1 each, as in Criteo_x4. */
  valid?: number;
  test?: number;
  seed?: number;
}

const FIELDS = [...numbered('I', 1, 13), ...numbered('C', 1, 26)];
/** Names that public projects give the same 39 columns. */
const ALIASES = [
  FIELDS,
  [...numbered('I', 1, 13), ...numbered('F', 1, 26)],
  [...numbered('int_', 0, 12), ...numbered('cat_', 0, 25)],
  [...numbered('num_', 0, 12), ...numbered('cat_', 0, 25)],
];

/**
 * Criteo's display-advertising rows: 13 numbers and 26 tokens. Numbers become floor(ln(x)^2) above 2, else their
 * integer part, and then are categories like the tokens; values in fewer than `minCount` training rows are unseen. The
 * split is random, 8:1:1.
 *
 * Takes Kaggle's raw text (tabs, no header), CSV with a header in the names of DeepCTR and FuxiCTR (I1, C1), EasyRec
 * (I1, F1), TorchRec (int_0, cat_0) or PaddleRec (num_0, cat_0), and PaddleRec's slots ("click:0 dense_feature:0.05 ...
 * 1:737395 ..."), whose numbers are scaled already and therefore take 20 buckets of equal frequency. The fields are
 * called I1 to C26 in any case.
 *
 * Source: the recipe of Criteo_x4_001 of the BARS benchmark, whose rows were drawn by another generator.
 * @throws AutofisError if the first line of the files has an unknown form.
 * @example
 * await prepare({...await criteo({files: 'train.txt'}), folder: 'shards'});
 */
export async function criteo({
  files,
  minCount = 10,
  valid = 0.1,
  test = 0.1,
  seed = 2018,
}: CriteoOptions): Promise<Preset> {
  const split = {by: 'fraction', valid, test, seed} as const;
  const preset = (
    source: Preset['source'],
    label: string,
    columns: readonly string[],
    number: object = {bucketing: 'logSquared', minCount},
  ): Preset => ({
    source,
    split,
    schema: {
      version: 1,
      label: {column: label},
      fields: FIELDS.map(
        (name, i) =>
          (i < 13
            ? {type: 'numeric', name, column: columns[i], ...number}
            : {type: 'categorical', name, column: columns[i], minCount}) as FieldRule,
      ),
    },
  });
  const line = await firstLine(files);
  if (line.length === 40 && /^[01]$/.test(line[0])) {
    return preset({files, format: 'csv', separator: '\t', quote: null, columns: ['label', ...FIELDS]}, 'label', FIELDS);
  }
  if (line.length === 1 && /^click:[01] dense_feature:/.test(line[0])) {
    const values = ['label', ...FIELDS].map((name, i) => `split_part(t[${i + 1}], ':', 2) AS ${identifier(name)}`);
    const lines = readCsv(files, ['line'], {delim: '\x01'});
    const sql = `SELECT ${values.join(', ')} FROM (SELECT string_split(line, ' ') AS t FROM ${lines})`;
    return preset({sql}, 'label', FIELDS, {bucketing: 'quantiles', buckets: 20});
  }
  const header = line.length === 1 ? line[0].split(',') : line;
  const names = ALIASES.find(alias => alias.every(name => header.includes(name)));
  const label = ['label', 'click'].find(name => header.includes(name));
  if (names === undefined || label === undefined) {
    throw new AutofisError(
      `criteo: the first line has an unknown form. Received: ${show(header)}. ` +
        'Expected 40 values separated by tabs, a header (label, I1 to I13, C1 to C26, or int_0, cat_0, ...), ' +
        "or PaddleRec's slots.",
    );
  }
  return preset({files, format: 'csv', separator: line.length === 1 ? ',' : '\t', header: true}, label, names);
}

/** The values of the first line of the first file that the pattern names. */
async function firstLine(files: CriteoOptions['files']): Promise<string[]> {
  return withEngine({progress: false}, async engine => {
    const resolved = await resolveFiles('criteo', {files, format: 'csv', separator: '\t', quote: null}, engine);
    return headerOf('criteo', resolved.files[0], resolved);
  });
}
