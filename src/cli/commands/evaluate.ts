import type {ModelRecord} from '../../record/run_record';
import {withInterval} from '../../statistics';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import {TABLE_SETTINGS, tableSource} from '../steps/table_source';
import {folderOf} from '../steps/run_folder';
import {counted} from '../../counted';

export const evaluateCommand: CommandSpec = {
  name: 'evaluate',
  summary: 'score the models of a run on its test rows',
  description:
    'Prints AUC, logloss and size of each model of a run on its test rows, and whether a paired test finds a ' +
    'difference. The models are the chosen one, all interactions and logistic regression; after --method paper, ' +
    'they are the retrained one and that at the end of the search. Given a table of labeled rows, scores the ' +
    'chosen model on it.',
  positional: ['data'],
  settings: [...TABLE_SETTINGS, 'folder', 'backend'],
  examples: ['evaluate', 'evaluate later.csv', 'evaluate --folder runs/deep --json'],
  run: async run => {
    const table = tableSource(run.values);
    if (table === undefined) {
      const {modelsOf} = await import('../steps/trees');
      const models = await modelsOf(folderOf(run.values));
      run.output.result(models);
      run.output.say(modelsInWords(models));
      return 0;
    }
    const {startBackend} = await import('../steps/backend');
    const {openScoring} = await import('../steps/scoring');
    const {scoreFile} = await import('../steps/score_file');
    await startBackend(run);
    const scoring = await openScoring(run, table);
    const score = await scoreFile(scoring);
    scoring.bundle.dispose();
    if (scoring.isTrainingTable)
      run.output.note(
        'warning: the model was trained on rows of this table, so its scores are too good; `evaluate` without a ' +
          'table gives those of the test rows',
      );
    run.output.result(score);
    const others = score.weightless === 0 ? '' : ` (and ${score.weightless} of weight 0)`;
    const rows = `${counted(score.rows, 'row')}${others}`;
    run.output.say(`${rows}: AUC ${score.auc.toFixed(4)}, logloss ${score.logloss.toFixed(4)}`);
    return 0;
  },
};

/** Models side by side. */
export function modelsInWords(models: readonly ModelRecord[]): string {
  return textTable(
    ['model', 'test AUC', 'logloss', 'parameters', 'the chosen one is (95 %)'],
    models.map(({name, role, auc, logloss, parameters, comparison}) => [
      `${name}${role === 'after' ? ' (chosen)' : ''}`,
      auc.toFixed(4),
      logloss.toFixed(4),
      parameters === null ? '-' : parameters.toLocaleString('en-US'),
      comparison === null
        ? '-'
        : `${comparison.verdict}, ${withInterval(comparison.auc.difference, comparison.auc.standardError)}`,
    ]),
    [0, 4],
  );
}
