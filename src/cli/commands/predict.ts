import {statSync} from 'node:fs';
import path from 'node:path';
import {writeTarget} from '../../runtime/replace_file';
import type {CommandSpec} from '../command';
import {TABLE_SETTINGS, tableSource} from '../steps/table_source';
import {UsageError} from '../usage_error';
import {counted} from '../../counted';

export const predictCommand: CommandSpec = {
  name: 'predict',
  summary: 'predict a probability for each row of a table',
  description:
    'Reads raw rows with the columns of the training table, without the label, and writes one probability per row, ' +
    'in the same order, as CSV to --out or stdout. --explain adds the fields and interactions behind each of them.',
  positional: ['data'],
  settings: [...TABLE_SETTINGS, 'folder', 'out', 'explain', 'backend'],
  examples: [
    'predict new.csv',
    'predict new.csv --out probabilities.csv',
    'predict new.parquet --folder runs/deep --json --explain 3',
  ],
  run: async run => {
    const {values, output} = run;
    const {out} = values;
    const table = tableSource(values);
    if (table === undefined)
      throw new UsageError('the table is missing. Give its path, such as `tfjs-autofis predict new.csv`.');
    const target = out === undefined ? null : await writeTarget(out);
    if (target !== null && statSync(target.path, {throwIfNoEntry: false})?.isDirectory() === true)
      throw new UsageError(`--out: ${out} is a folder. Give a file, such as ${path.join(out!, 'probabilities.csv')}.`);
    const {startBackend} = await import('../steps/backend');
    const {openScoring} = await import('../steps/scoring');
    const {predictInto, predictionLines, predictions} = await import('../steps/predict');
    const {reasonsOf} = await import('../../bundle/explanation');
    await startBackend(run);
    const scoring = await openScoring(run, table);
    if (out !== undefined) {
      const rows = await predictInto(scoring, out);
      output.result({written: out, rows});
      const words = `${counted(rows, 'row')}, written to ${out}`;
      // The place may be this output itself.
      if (target!.direct) output.note(words);
      else output.say(words);
    } else if (output.json) {
      const all: unknown[] = [];
      for await (const {probabilities, explanations} of predictions(scoring))
        all.push(...(explanations?.map(row => ({probability: row.probability, ...reasonsOf(row)})) ?? probabilities));
      output.result(all);
    } else {
      for await (const {text} of predictionLines(scoring)) output.say(text.replace(/\n$/, ''));
    }
    scoring.bundle.dispose();
    return 0;
  },
};
