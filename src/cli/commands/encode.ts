import {counted} from '../../counted';
import type {CommandSpec} from '../command';
import type {EncodeResult} from '../steps/encode';
import {assumedInWords, doubtsInWords} from '../steps/assumed';
import {leftOutInWords} from '../steps/left_out';
import {TABLE_SETTINGS} from '../steps/table_source';
import {folderOf} from '../steps/run_folder';

export const encodeCommand: CommandSpec = {
  name: 'encode',
  summary: 'turn a table into rows of ids',
  description:
    'Reads a table, fits a schema to its training rows and writes FOLDER/data: rows of ids in three parts, ' +
    'train, valid and test. Without --schema, infers the schema and reports every assumption. With --write-schema, ' +
    'writes the schema and the split alone, for you to read and correct.',
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
    const {dataPlan} = await import('../steps/data_plan');
    if (run.values.writeSchema !== undefined) {
      const {writeSchema} = await import('../steps/write_schema');
      const written = await writeSchema(run.values.writeSchema, run.values);
      const {schema, assumptions} = written;
      run.output.result(written);
      run.output.say(`${assumedInWords(assumptions)}\n\n${schema.fields.length} fields; written to ${written.written}`);
      return 0;
    }
    const {encodeStep} = await import('../steps/encode');
    const result = await encodeStep(run, folderOf(run.values), await dataPlan(run.values));
    run.output.result(result);
    run.output.say(encodedInWords(result));
    return 0;
  },
};

/** Describe the encoded rows, and each column's reading. */
function encodedInWords(result: EncodeResult): string {
  const {assumptions, leftOut} = result;
  return [
    ...(assumptions.length > 0 ? [assumedInWords(assumptions), ''] : []),
    ...(leftOut.length > 0 ? [leftOutInWords(leftOut), ''] : []),
    rowsInWords(result),
    fieldsInWords(result.fields),
  ].join('\n');
}

/** Describe the table of a run in few lines, with the readings that are worth a look. */
export function tableInWords(result: EncodeResult): string {
  const doubts = doubtsInWords(result.assumptions);
  return [
    rowsInWords(result),
    `${fieldsInWords(result.fields)}${doubts.length === 0 ? '' : `; ${doubts.length} worth a look:`}`,
    ...doubts,
    ...(result.leftOut.length > 0 ? [leftOutInWords(result.leftOut)] : []),
  ].join('\n');
}

/** "1,500 rows, 41.0 % positive: 1,199 train, 161 valid, 140 test". */
function rowsInWords({parts}: EncodeResult): string {
  const count = (rows: number) => rows.toLocaleString('en');
  const of = (key: 'rows' | 'positives') => Object.values(parts).reduce((sum, part) => sum + part[key], 0);
  const share = ((100 * of('positives')) / of('rows')).toFixed(1);
  const sizes = Object.entries(parts).map(([part, {rows}]) => `${count(rows)} ${part}`);
  return `${count(of('rows'))} rows, ${share} % positive: ${sizes.join(', ')}`;
}

/** "3 fields with 22 ids: 1 numeric, 2 categorical". */
function fieldsInWords(fields: EncodeResult['fields']): string {
  const types = [...new Set(fields.map(({type}) => type))];
  const counts = types.map(type => `${fields.filter(field => field.type === type).length} ${type}`);
  const ids = fields.reduce((sum, {size}) => sum + size, 0);
  return `${counted(fields.length, 'field')} with ${ids.toLocaleString('en')} ids: ${counts.join(', ')}`;
}
