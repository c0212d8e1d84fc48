import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import type {RetrainResult} from '../steps/retrain';
import {folderOf} from '../steps/run_folder';

export const retrain: CommandSpec = {
  name: 'retrain',
  summary: 'train the small model of the kept interactions',
  description:
    'The retrain stage: trains fresh models of the interactions that the search in FOLDER kept, with gates and normalised products and ' +
    'without; prunes the model of the search to them and trains it on; and takes the plain one unless another is significantly better on the ' +
    'validation rows. Trains all interactions to compare. Writes FOLDER/bundle: the model with its schema.',
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
    'checkpointMinutes',
    'checkpointSteps',
    'resume',
  ],
  examples: ['retrain', 'retrain --form gated --epochs 10', 'retrain --folder runs/deep --resume'],
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
export function retrainInWords({chosen, all, models, warnings}: RetrainResult): string {
  const rows = models.map(model => [
    `${model.stage === all.stage ? 'all interactions' : 'selection'}${model.stage === chosen.stage ? ' (taken)' : ''}`,
    model.form,
    String(model.kept),
    String(model.bestEpoch),
    model.validation.auc.toFixed(4),
    model.validation.logloss.toFixed(4),
  ]);
  const table = textTable(['model', 'form', 'interactions', 'best epoch', 'validation AUC', 'logloss'], rows, [0, 1]);
  return [table, ...warnings.map(warning => `Warning: ${warning}`)].join('\n');
}
