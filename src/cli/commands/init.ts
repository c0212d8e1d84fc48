import {existsSync} from 'node:fs';
import type {CommandSpec} from '../command';
import {assumedInWords} from '../steps/assumed';
import {TABLE_SETTINGS} from '../steps/table_source';
import {UsageError} from '../usage_error';

export const initCommand: CommandSpec = {
  name: 'init',
  summary: 'infer a schema from a table, for you to read and correct',
  description:
    'Reads the first 300,000 rows of a table and writes a file for --schema, which says how columns become fields ' +
    'and how rows are split.',
  positional: ['data'],
  settings: [
    ...TABLE_SETTINGS,
    'label',
    'positiveLabel',
    'weight',
    'as',
    'splitColumn',
    'group',
    'unique',
    'split',
    'timeColumn',
    'period',
    'seed',
    'out',
  ],
  examples: ['init data.csv --label clicked', 'init data.csv --label clicked --out clicks.json'],
  run: async ({values, output}) => {
    const {out = 'schema.json'} = values;
    if (existsSync(out)) throw new UsageError(`${out} exists already. Give another --out, or remove it.`);
    const {dataPlan} = await import('../steps/data_plan');
    const {writeWhole} = await import('../steps/sealed_file');
    const {schema, split, unique, assumptions} = await dataPlan(values);
    await writeWhole(out, `${listsInLines(JSON.stringify({schema, split, unique}, null, 2))}\n`);
    output.result({written: out, schema, split, unique, assumptions});
    output.say([assumedInWords(assumptions), '', `${schema.fields.length} fields; written to ${out}`].join('\n'));
    return 0;
  },
};

/** Indented JSON with each list of texts in one line: people read it, and each number lists its missing values. */
function listsInLines(json: string): string {
  const text = '"(?:[^"\\\\]|\\\\.)*"';
  return json.replace(
    new RegExp(`\\[\\n\\s+(${text}(?:,\\s+${text})*)\\s+\\]`, 'g'),
    (_, items: string) => `[${items.replace(/,\n\s+/g, ', ')}]`,
  );
}
