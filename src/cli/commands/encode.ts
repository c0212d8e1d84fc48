import {counted} from '../../counted';
import type {FieldRule, Schema} from '../../schema/schema';
import type {CommandSpec} from '../command';
import type {EncodeResult} from '../steps/encode';
import {assumedInWords, doubtsInWords, positiveAssumed} from '../steps/assumed';
import {TABLE_SETTINGS} from '../steps/table_source';
import {folderOf} from '../steps/run_folder';

export const encodeCommand: CommandSpec = {
  name: 'encode',
  summary: 'turn a table into rows of ids',
  description:
    'Reads a table, fits a schema to its training rows and writes FOLDER/data: rows of ids in three parts, ' +
    'train, valid and test. Without --schema, infers the schema and reports every assumption.',
  positional: ['data'],
  settings: [
    ...TABLE_SETTINGS,
    'label',
    'positiveLabel',
    'weight',
    'as',
    'schema',
    'splitColumn',
    'group',
    'unique',
    'split',
    'timeColumn',
    'period',
    'maxRejects',
    'writeSchema',
    'folder',
    'seed',
    'resume',
  ],
  examples: [
    'encode data.csv --label clicked',
    'encode data.csv --label clicked --write-schema schema.json',
    'encode "logs/*.csv.gz" --schema schema.json --max-rejects 100',
    'encode data.parquet --label y --split time --period day',
  ],
  run: async run => {
    const {output} = run;
    output.begin('looking at the columns');
    const {dataPlan, writeSchema} = await import('../steps/data_plan');
    if (run.values.writeSchema !== undefined) {
      const written = await writeSchema(run.values.writeSchema, run);
      const {schema, assumptions} = written;
      output.result(written);
      output.say(`${assumedInWords(assumptions)}\n\n${schema.fields.length} fields; written to ${written.written}`);
      return 0;
    }
    const {encodeStep, fewInWords} = await import('../steps/encode');
    const plan = await dataPlan(run);
    const result = await encodeStep(run, folderOf(run.values), plan);
    fewInWords(result).forEach(output.note);
    output.result(result);
    output.say(tableInWords(result, plan.schema, true));
    return 0;
  },
};

/** Names of one and several columns of each type of rule. */
const NAMES: Record<FieldRule['type'], [one: string, several: string]> = {
  numeric: ['number', 'numbers'],
  categorical: ['category', 'categories'],
  hashed: ['category', 'categories'],
  multiValued: ['list', 'lists'],
  dateTime: ['date', 'dates'],
};

/** Doubtful columns that are listed at most. */
const LISTED = 3;

/** Describe a table in three lines, and its doubtful columns or all. */
export function tableInWords(result: EncodeResult, {label, fields}: Schema, all: boolean): string {
  const {parts, assumptions, leftOut} = result;
  const sum = (key: 'rows' | 'positives') => Object.values(parts).reduce((total, part) => total + part[key], 0);
  const share = ((100 * sum('positives')) / sum('rows')).toFixed(1);
  const sizes = Object.entries(parts).map(([part, {rows}]) => `${rows.toLocaleString('en')} ${part}`);
  const types = [...new Map(fields.map(({column, type}) => [column, NAMES[type]])).values()];
  const counts = [...new Set(types)].map(names => {
    const count = types.filter(name => name === names).length;
    return `${count} ${names[count === 1 ? 0 : 1]}`;
  });
  const doubts = doubtsInWords(assumptions);
  const more = doubts.length - LISTED;
  const listed = doubts.slice(0, LISTED).concat(more > 0 ? [`and ${more} more, which --verbose lists`] : []);
  return [
    `${sum('rows').toLocaleString('en')} rows: ${sizes.join(', ')}`,
    `${share} % positive: ${positiveAssumed(label!, assumptions)}`,
    `${counted(types.length, 'column')}: ${counts.join(', ')}; ${doubts.length} worth a look`,
    ...(all && assumptions.length > 0 ? [assumedInWords(assumptions)] : listed.map(line => `  ${line}`)),
    ...(leftOut.length > 0
      ? [`left out: ${leftOut.map(({rows, which}) => `${counted(rows, 'row')} ${which}`).join('; ')}`]
      : []),
  ].join('\n');
}
