import {AutofisError} from '../../errors';
import type {CommandSpec} from '../command';
import {folderOf} from '../steps/run_folder';
import {encode, encodedInWords} from './encode';
import {select, selectedInWords} from './select';

/** Each once, in the order in which they are met. */
const both = [...new Set([...encode.settings, ...select.settings, 'title' as const, 'positive' as const])];

export const run: CommandSpec = {
  name: 'run',
  summary: 'go from a table to a model and a report: encode, select, report',
  description:
    'Goes from a table to a small model and a report in one command. Needs only the table and its label; reports ' +
    'every assumption. After Ctrl-C or a crash, the same command with --resume continues where it stopped.',
  positional: ['data'],
  settings: both,
  examples: [
    'run data.csv --label clicked',
    'run data.csv --label clicked --effort thorough --folder runs/thorough',
    'run data.csv --label clicked --model autoDeepFm --folder runs/deep',
    'run data.csv --label clicked --resume',
  ],
  run: async given => {
    const {startBackend} = await import('../steps/backend');
    const {encodeStep} = await import('../steps/encode');
    const {selectStep} = await import('../steps/select');
    const {checkModelFlags} = await import('../steps/select_plan');
    const {reportStep} = await import('../steps/report');
    const {output} = given;
    const folder = folderOf(given.values);
    checkModelFlags(given.values);
    const encoded = await encodeStep(given, folder);
    const backend = await startBackend(given);
    const selected = await selectStep(given, folder, backend);
    const page = await reportStep(given, folder).then(
      ({files}) => files.html!,
      (error: Error) => {
        // All else is done, and a report can be had later.
        if (!(error instanceof AutofisError)) throw error;
        output.note(`no report: ${error.message}`);
        return null;
      },
    );
    const bundle = folder.file('bundle');
    output.result({encode: encoded, select: selected, report: page, bundle});
    output.say(
      [
        encodedInWords(encoded),
        selectedInWords(selected),
        [`model:  ${bundle}`, ...(page === null ? [] : [`report: ${page}`])].join('\n'),
      ].join('\n\n'),
    );
    return 0;
  },
};
