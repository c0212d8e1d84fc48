import type {ModelRecord, RunRecord} from '../../record/run_record';
import {modelIndex} from '../answer';
import type {Block, Cell, Content} from '../blocks';
import {say} from '../text';
import {figuresOf} from '../figures';

const LABELS: Record<ModelRecord['role'], string> = {
  after: ' (chosen)',
  before: '',
  linear: ' (logistic regression)',
  trees: '',
  other: '',
};

/** Logistic regression, all interactions, trees, the chosen one, others. */
function inOrder(run: RunRecord): number[] {
  const first = (['linear', 'before', 'trees', 'after'] as const)
    .map(role => modelIndex(run, role))
    .filter(i => i >= 0);
  return [...first, ...[...run.models.keys()].filter(i => !first.includes(i))];
}

/** The models on the test rows. */
export function modelTable(run: RunRecord): Block {
  const f = figuresOf(run);
  return {
    type: 'table',
    name: 0,
    caption: say`Models on the test rows`,
    head: ['Model', 'AUC', 'Logloss', 'Interactions', 'Parameters', 'Size'],
    rows: inOrder(run).map((i): Cell[] => {
      const at = `/models/${i}`;
      const {role, interactions} = run.models[i];
      return [
        say`${f(`${at}/name`)}${LABELS[role]}`,
        [f(`${at}/auc`, 'auc')],
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

/** The chosen model less each other one by AUC and by logloss, and what the AUC allows to say. */
export function comparisonTable(run: RunRecord): Block {
  const f = figuresOf(run);
  return {
    type: 'table',
    name: 0,
    caption: say`The chosen model beside each other one, on the same test rows`,
    head: ['Other model', 'The chosen one is', 'AUC: chosen minus other (95 %)', 'Logloss: chosen minus other (95 %)'],
    rows: inOrder(run)
      .filter(i => run.models[i].comparison !== null)
      .map((i): Cell[] => {
        const at = `/models/${i}/comparison`;
        const by = (metric: 'auc' | 'logloss') =>
          say`${f(`${at}/${metric}/difference`, 'signed')} ${f(`${at}/${metric}/standardError`, 'interval')}`;
        return [
          say`${f(`/models/${i}/name`)}${LABELS[run.models[i].role]}`,
          [f(`${at}/verdict`)],
          by('auc'),
          by('logloss'),
        ];
      }),
  };
}

/** The figures that matter most: of all interactions and of the chosen model, where both are there. */
export function keyFigures(run: RunRecord): Content['keys'] {
  const f = figuresOf(run);
  const after = modelIndex(run, 'after');
  const before = modelIndex(run, 'before');
  const both = (key: string, format: Parameters<typeof f>[1]) => {
    const own = f(`/models/${after}${key}`, format);
    return before < 0 ? [own] : say`${f(`/models/${before}${key}`, format)} → ${own}`;
  };
  return [
    ...(run.interactions.length === 0
      ? []
      : [['interactions', say`${f('/interactions/length', 'count')} → ${f('/selection/length', 'count')}`] as const]),
    ['test AUC', both('/auc', 'auc')],
    ['logloss', both('/logloss', 'auc')],
    ['parameters', both('/parameters', 'count')],
    ['size', both('/bytes', 'bytes')],
  ];
}
