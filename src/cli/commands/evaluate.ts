import type {ModelRecord} from '../../run/run';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import {folderOf} from '../stages/run_folder';

export const evaluate: CommandSpec = {
  name: 'evaluate',
  summary: 'score the models of a run on its test rows',
  description: 'AUC, logloss, size and speed of the models of a run on its test rows: the chosen one, all interactions in the same form, the other ' +
    'form, and the model at the end of the search.',
  settings: ['folder', 'backend', 'resume'],
  examples: ['evaluate', 'evaluate --folder runs/deep --json'],
  run: async run => {
    const {startBackend} = await import('../stages/backend');
    const {evaluateStage} = await import('../stages/evaluate');
    await startBackend(run);
    const models = await evaluateStage(run, folderOf(run.values));
    run.output.result(models);
    run.output.say(modelsInWords(models));
    return 0;
  },
};

/** Models side by side. */
export function modelsInWords(models: readonly ModelRecord[]): string {
  return textTable(['model', 'test AUC', 'logloss', 'interactions', 'parameters', 'ms a row'], models.map(model => [
    `${model.name}${model.role === 'after' ? ' (taken)' : ''}`, model.auc.toFixed(4), model.logloss.toFixed(4),
    model.interactions === null ? '-' : `${model.interactions.open} of ${model.interactions.total}`,
    model.parameters.toLocaleString('en-US'), model.latency === null ? '-' : model.latency.p50.toFixed(3),
  ]), [0]);
}
