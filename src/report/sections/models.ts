import type {ModelRecord, RunRecord} from '../../record/run_record';
import type {Block, Cell} from '../blocks';
import {say} from '../text';
import {figuresOf} from '../figures';
import {modelsInOrder} from '../pictures/intervals';
import {verdictsOn} from '../verdict';

const LABELS: {[role in ModelRecord['role']]?: string} = {after: ' (chosen)', linear: ' (logistic regression)'};

/** The models on the test rows. */
export function modelTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const isGrouped = run.models.some(({gauc}) => gauc !== undefined);
  return {
    type: 'table',
    cards: true,
    caption: say`Models on the test rows`,
    head: [
      'Model',
      'AUC',
      ...(isGrouped ? ['AUC within groups'] : []),
      'Logloss',
      'Interactions',
      'Parameters',
      'Size',
    ],
    rows: modelsInOrder(run).map((i): Cell[] => {
      const at = `/models/${i}`;
      const {role, interactions} = run.models[i];
      return [
        say`${f(`${at}/name`)}${LABELS[role] ?? ''}`,
        [f(`${at}/auc`, 'auc')],
        ...(isGrouped ? [run.models[i].gauc === undefined ? ['–'] : [f(`${at}/gauc`, 'auc')]] : []),
        [f(`${at}/logloss`, 'auc')],
        interactions === null
          ? ['–']
          : say`${f(`${at}/interactions/open`, 'count')} of ${f(`${at}/interactions/total`, 'count')}`,
        run.models[i].parameters === null ? ['–'] : [f(`${at}/parameters`, 'count')],
        [f(`${at}/bytes`, 'bytes')],
      ];
    }),
  };
}

/** The chosen model less each other one by AUC and by logloss, and what each allows to say. */
export function comparisonTable(run: RunRecord): Block {
  const f = figuresOf(run);
  return {
    type: 'table',
    cards: true,
    caption: say`The chosen model beside each other one, on the same test rows`,
    head: [
      'Other model',
      'AUC: chosen minus other (95 %)',
      'By AUC',
      'Logloss: chosen minus other (95 %)',
      'By logloss',
    ],
    rows: modelsInOrder(run)
      .filter(i => run.models[i].comparison !== null)
      .map((i): Cell[] => {
        const at = `/models/${i}/comparison`;
        const by = (metric: 'auc' | 'logloss') =>
          say`${f(`${at}/${metric}/difference`, 'signed')} ${f(`${at}/${metric}/standardError`, 'interval')}`;
        return [
          say`${f(`/models/${i}/name`)}${LABELS[run.models[i].role] ?? ''}`,
          by('auc'),
          [f(`${at}/verdict`)],
          by('logloss'),
          [verdictsOn(run, i).logloss],
        ];
      }),
  };
}
