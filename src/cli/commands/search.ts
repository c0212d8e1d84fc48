import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import type {SearchResult} from '../steps/search';
import {ARCHITECTURE, checkHidden} from '../steps/plan';
import {folderOf} from '../steps/run_folder';

export const searchCommand: CommandSpec = {
  name: 'search',
  summary: 'find the interactions that matter',
  description:
    'The search stage: trains a model with a gate on each interaction, on the encoded rows in FOLDER/data. ' +
    'Writes FOLDER/search: the kept interactions (selection.json) and the searched model.',
  settings: [
    'folder',
    'model',
    ...ARCHITECTURE,
    'batchSize',
    'learningRate',
    'searchEpochs',
    'recipe',
    'seed',
    'backend',
    'precision',
    'checkpointMinutes',
    'checkpointSteps',
    'resume',
  ],
  examples: ['search', 'search --search-epochs 10 --seed 3', 'search --folder runs/deep --model autoDeepFm --resume'],
  run: async run => {
    checkHidden(run.values);
    const {startBackend} = await import('../steps/backend');
    const {searchStep} = await import('../steps/search');
    const backend = await startBackend(run);
    const result = await searchStep(run, folderOf(run.values), backend);
    run.output.result(result);
    run.output.say(searchInWords(result));
    return 0;
  },
};

/** Describe the result of a search: the number of open gates, and the strongest of them. */
export function searchInWords({selection, total, validation: {auc, logloss}, warnings}: SearchResult): string {
  const shown = selection.slice(0, 20);
  const rows = shown.map(({rank, fields, alpha}) => [String(rank), fields.join(' x '), alpha.toFixed(4)]);
  return [
    `${selection.length} of ${total} interactions are open; validation AUC ${auc.toFixed(4)}, logloss ` +
      `${logloss.toFixed(4)} at the end of the search.`,
    ...warnings.map(warning => `Warning: ${warning}`),
    ...(shown.length > 0 ? ['', textTable(['rank', 'interaction', 'alpha'], rows, [1])] : []),
    ...(selection.length > shown.length
      ? [`... and ${selection.length - shown.length} more, in search/selection.json`]
      : []),
  ].join('\n');
}
