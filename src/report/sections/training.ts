import type {RunRecord, SelectedBy} from '../../record/run_record';
import type {Block, Cell} from '../blocks';
import {say} from '../text';
import {figuresOf, pointerKey} from '../figures';
import {logName} from '../words';

/** More epochs than these are folded. */
const MOST_EPOCHS = 20;

/** Tabulate the logs of a search's stages at the end of each epoch. */
export function epochTable(run: RunRecord, selectedBy: Extract<SelectedBy, {type: 'search'}>): Block {
  const f = figuresOf(run);
  const stages = (['search', 'retrain'] as const).flatMap(stage =>
    (selectedBy[stage]?.epochs ?? []).map((epoch, i) => ({stage, epoch, i})),
  );
  const names = [...new Set(stages.flatMap(({epoch}) => Object.keys(epoch.logs)))];
  const table: Block = {
    type: 'table',
    caption: say`Logs at the end of each epoch, a pass over the training rows.`,
    head: ['Stage', 'Epoch', 'Step', ...names.map(logName)],
    rows: stages.map(({stage, epoch, i}): Cell[] => [
      [stage],
      [f(`/selectedBy/${stage}/epochs/${i}/epoch`, 'count')],
      [f(`/selectedBy/${stage}/epochs/${i}/step`, 'count')],
      ...names.map(name =>
        name in epoch.logs
          ? [
              f(
                `/selectedBy/${stage}/epochs/${i}/logs/${pointerKey(name)}`,
                Number.isInteger(epoch.logs[name]) ? 'count' : 'auc',
              ),
            ]
          : ['–'],
      ),
    ]),
  };
  return stages.length > MOST_EPOCHS ? {type: 'fold', title: 'Show the epochs', blocks: [table]} : table;
}
