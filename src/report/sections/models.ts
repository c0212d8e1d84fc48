import type {ModelRecord, RunRecord} from '../../record/run_record';
import type {Block} from '../blocks';
import {say, type Text} from '../text';
import {figuresOf} from '../figures';
import {modelsInOrder} from '../pictures/intervals';
import {verdictsOn} from '../verdict';

const LABELS: {[role in ModelRecord['role']]?: string} = {after: ' (chosen)', linear: ' (logistic regression)'};

/** The models on the test rows, and the chosen one less each other by AUC and by logloss. */
export function modelTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const isGrouped = run.models.some(({gauc}) => gauc !== undefined);
  return {
    type: 'table',
    cards: true,
    caption: say`Models on the test rows; differences are those of the chosen model to the other one (95 %)`,
    head: [
      'Model',
      'AUC',
      'Difference',
      'By AUC',
      ...(isGrouped ? ['AUC within groups'] : []),
      'Logloss',
      'Difference',
      'By logloss',
      'Interactions',
      'Parameters',
      'Size',
    ],
    rows: modelsInOrder(run).map((i): Text[] => {
      const at = `/models/${i}`;
      const {role, interactions, comparison} = run.models[i];
      const scored = (metric: 'auc' | 'logloss', verdict: () => Text): Text[] => [
        [f(`${at}/${metric}`, 'auc')],
        ...(comparison === null
          ? [['–'], ['–']]
          : [
              say`${f(`${at}/comparison/${metric}/difference`, 'signed')}
                ${f(`${at}/comparison/${metric}/standardError`, 'interval')}`,
              verdict(),
            ]),
      ];
      return [
        say`${f(`${at}/name`)}${LABELS[role] ?? ''}`,
        ...scored('auc', () => [f(`${at}/comparison/verdict`)]),
        ...(isGrouped ? [run.models[i].gauc === undefined ? ['–'] : [f(`${at}/gauc`, 'auc')]] : []),
        ...scored('logloss', () => [verdictsOn(run, i).logloss]),
        interactions === null
          ? ['–']
          : say`${f(`${at}/interactions/open`, 'count')} of ${f(`${at}/interactions/total`, 'count')}`,
        run.models[i].parameters === null ? ['–'] : [f(`${at}/parameters`, 'count')],
        [f(`${at}/bytes`, 'bytes')],
      ];
    }),
  };
}
