import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import type {RetrainedModel, RetrainResult} from '../steps/retrain';
import {folderOf} from '../steps/run_folder';

export const retrainCommand: CommandSpec = {
  name: 'retrain',
  summary: 'train the small model of the kept interactions',
  description:
    'The retrain stage, after `search`: trains a fresh model of the interactions that the search in FOLDER kept, ' +
    'in the given --form, and one of all interactions for comparison. Writes FOLDER/bundle: the model with its schema.',
  settings: [
    'folder',
    'form',
    'batchSize',
    'learningRate',
    'epochs',
    'patience',
    'leastEpochs',
    'seed',
    'backend',
    'precision',
    'checkpointMinutes',
    'checkpointSteps',
    'resume',
  ],
  examples: ['retrain', 'retrain --form plain --epochs 10', 'retrain --folder runs/deep --resume'],
  run: async run => {
    const {startBackend} = await import('../steps/backend');
    const {retrainStep} = await import('../steps/retrain');
    await startBackend(run);
    const result = await retrainStep(run, folderOf(run.values));
    run.output.result(result);
    run.output.say(retrainInWords(result));
    return 0;
  },
};

/** The retrained models on the validation rows. */
function retrainInWords({chosen, all, warnings}: RetrainResult): string {
  const row = (name: string, {form, kept, bestEpoch, validation: {auc, logloss}}: RetrainedModel) => [
    name,
    form,
    String(kept),
    String(bestEpoch),
    auc.toFixed(4),
    logloss.toFixed(4),
  ];
  const table = textTable(
    ['model', 'form', 'interactions', 'best epoch', 'validation AUC', 'logloss'],
    [row('selection', chosen), row('all interactions', all)],
    [0, 1],
  );
  return [table, ...warnings.map(warning => `Warning: ${warning}`)].join('\n');
}
