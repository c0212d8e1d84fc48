import type {Verdict} from '../../judge/verdict';
import {textTable} from '../../text_table';
import type {CommandSpec} from '../command';
import {folderOf} from '../steps/run_folder';

export const judgeCommand: CommandSpec = {
  name: 'judge',
  summary: 'compare the selection of a search with baselines by many retrainings',
  description:
    'Retrains the selection of `search`, all interactions, the top-K of a plain training and random sets of the ' +
    'same size, each with and without gates and with several seeds. Reports whether the selection is better. This ' +
    'takes many trainings; each result is saved as it arrives. A selection of `run` or `select` is compared with ' +
    'random sets in its report, and is not judged again.',
  settings: [
    'folder',
    'seeds',
    'randomSets',
    'batchSize',
    'epochs',
    'patience',
    'leastEpochs',
    'backend',
    'precision',
    'resume',
  ],
  examples: ['judge', 'judge --seeds 1,2,3,4,5 --random-sets 3', 'judge --resume'],
  run: async run => {
    const {startBackend} = await import('../steps/backend');
    const {judgeStep} = await import('../steps/judge');
    await startBackend(run);
    const verdict = await judgeStep(run, folderOf(run.values));
    run.output.result(verdict);
    run.output.say(verdictText(verdict));
    return 0;
  },
};

function verdictText({words, standings}: Verdict): string {
  return `${words}\n\n${textTable(
    ['contestant', 'form', 'interactions', 'test AUC', 'sd', 'logloss'],
    standings.map(standing => [
      standing.contestant,
      standing.form,
      String(standing.kept),
      standing.auc.mean.toFixed(4),
      standing.auc.sd.toFixed(4),
      standing.logloss.mean.toFixed(4),
    ]),
    [0, 1],
  )}`;
}
