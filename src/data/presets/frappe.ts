import {readCsv} from '../sql/read_csv';
import {identifier, literal} from '../../sql_literals';
import {categoricalFields, type Preset} from './preset';

export interface FrappeOptions {
  /** One CSV with header: split (train, test or valid), label and the ten columns. */
  files?: string;
  /** Or the three files in libFM's form, "1 4:1 1072:1 ...", each position a field. */
  libfm?: {train: string; valid?: string; test?: string};
}

const FIELDS = ['user', 'item', 'daytime', 'weekday', 'isweekend', 'homework', 'cost', 'weather', 'country', 'city'];

/**
 * Frappe, the use of apps in context, with sampled negatives: ten fields. The ids of the published files are one space
 * over all fields; each field gets its own again.
 * @example
 * await prepare({...frappe({libfm: {train: 'frappe.train.libfm', test: 'frappe.test.libfm'}}), folder: 'shards'});
 */
export function frappe({files, libfm}: FrappeOptions): Preset {
  const part = ([name, file]: [string, string]) => `
    SELECT ${literal(name)} AS split, CASE t[1] WHEN '1' THEN 1 WHEN '-1' THEN 0 WHEN '0' THEN 0 END AS label,
      ${FIELDS.map((field, i) => `split_part(t[${i + 2}], ':', 1) AS ${identifier(field)}`).join(', ')}
    FROM (SELECT string_split(trim(line), ' ') AS t FROM ${readCsv(file, ['line'], {delim: '\x01'})})`;
  return {
    source: files ?? {
      sql: Object.entries(libfm ?? {})
        .map(part)
        .join(' UNION ALL '),
    },
    schema: {version: 1, label: {column: 'label'}, fields: categoricalFields(FIELDS)},
    split: {by: 'column', column: 'split', train: ['train'], valid: ['valid'], test: ['test']},
  };
}
