import {AutofisError} from '../../errors';
import type {CommandSpec} from '../command';
import {folderOf} from '../steps/run_folder';
import {encode, encodedInWords} from './encode';
import {modelsInWords} from './evaluate';
import {retrain, retrainInWords} from './retrain';
import {search, searchInWords} from './search';

/** Each once, in the order in which they are met. */
const both = [
  ...new Set([...encode.settings, ...search.settings, ...retrain.settings, 'title' as const, 'positive' as const]),
];

export const run: CommandSpec = {
  name: 'run',
  summary: 'all of it, from a table to a report: encode, search, retrain, evaluate, report',
  description:
    'From a table to a small model and a report in one go. Needs nothing but the table and its label; what it assumes it says. After Ctrl-C or a ' +
    'crash the same command with --resume goes on where it stopped.',
  positional: 'data',
  settings: both,
  examples: [
    'run data.csv --label clicked',
    'run data.csv --label clicked --model autoDeepFm --folder runs/deep',
    'run data.csv --label clicked --resume',
    'run --config autofis.yaml --strength 2',
  ],
  run: async given => {
    const {startBackend} = await import('../steps/backend');
    const {encodeStep} = await import('../steps/encode');
    const {searchStep} = await import('../steps/search');
    const {retrainStep} = await import('../steps/retrain');
    const {evaluateStep} = await import('../steps/evaluate');
    const {reportStep} = await import('../steps/report');
    const {output} = given;
    const folder = folderOf(given.values);
    const encoded = await encodeStep(given, folder);
    const backend = await startBackend(given);
    const searched = await searchStep(given, folder);
    const retrained = await retrainStep(given, folder);
    const models = await evaluateStep(given, folder);
    const page = await reportStep(given, folder, backend).then(
      ({files}) => files.html!,
      (error: Error) => {
        // All else is done, and a report can be had later.
        if (!(error instanceof AutofisError)) throw error;
        output.note(`no report: ${error.message}`);
        return null;
      },
    );
    const bundle = folder.file('bundle');
    output.result({encode: encoded, search: searched, retrain: retrained, evaluate: models, report: page, bundle});
    output.say(
      [
        encodedInWords(encoded),
        searchInWords(searched),
        'On the validation rows:',
        retrainInWords(retrained),
        'On the test rows:',
        modelsInWords(models),
        [`model:  ${bundle}`, ...(page === null ? [] : [`report: ${page}`])].join('\n'),
      ].join('\n\n'),
    );
    return 0;
  },
};
