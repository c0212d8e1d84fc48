import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import type {EncodeResult} from '../steps/encode';
import {assumedInWords} from '../steps/assumed';
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

export function encodedInWords({fields, parts, leftOut, assumptions}: EncodeResult): string {
  const rows = Object.entries(parts).map(([part, {rows, positives}]) => [
    part,
    String(rows),
    `${((100 * positives) / rows).toFixed(1)} %`,
  ]);
  return [
    ...(assumptions.length > 0 ? [assumedInWords(assumptions), ''] : []),
    ...(leftOut.length > 0 ? [leftOutInWords(leftOut), ''] : []),
    textTable(['part', 'rows', 'positive'], rows, [0]),
    '',
    textTable(
      ['field', 'kind', 'ids'],
      fields.map(({name, type, size}) => [name, type, String(size)]),
      [0, 1],
    ),
  ].join('\n');
}
