import type {RunRecord} from '../../record/run_record';
import type {Block, Cell} from '../blocks';
import {areMeaningless} from '../separated';
import {say} from '../text';
import {figuresOf} from '../figures';

/** Everything that could have been chosen, as the rows that choose see it. */
export function candidateTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const {candidates, chosen} = run.recipe!;
  return {
    type: 'table',
    name: 0,
    caption: say`Models that could have been chosen, on V2`,
    head: [
      'Model',
      'Interactions',
      'Weights fitted',
      'AUC',
      'Logloss',
      'AUC behind the best (95 %)',
      'Suffices',
      'Training',
    ],
    rows: candidates.map(({suffices, choice}, i): Cell[] => {
      const at = `/recipe/candidates/${i}`;
      const scored = !areMeaningless(choice);
      return [
        say`${f(`${at}/name`)}${i === chosen ? ' (chosen)' : ''}`,
        [f(`${at}/kept`, 'count')],
        [f(`${at}/parameters`, 'count')],
        [scored ? f(`${at}/choice/auc`, 'auc') : '–'],
        [scored ? f(`${at}/choice/logloss`, 'auc') : '–'],
        say`${f(`${at}/behind/auc`, 'signed')} ${f(`${at}/behind/standardError`, 'interval')}`,
        [suffices ? 'yes' : 'no'],
        [f(`${at}/seconds`, 'seconds')],
      ];
    }),
  };
}

/** The gates of each base model, penalty by penalty. */
export function pathTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const rows = run.recipe!.gates.flatMap(({path, chosen, by}, g) =>
    path.map((_, i): Cell[] => {
      const at = `/recipe/gates/${g}/path/${i}`;
      return [
        say`${f(`/recipe/gates/${g}/base`)}${by === 'folds' ? ', in folds' : ''}`,
        say`${f(`${at}/lambda`, 'short')}${i === chosen ? ' (chosen)' : ''}`,
        [f(`${at}/open`, 'count')],
        [f(`${at}/logloss`, 'auc')],
        say`${f(`${at}/behind/difference`, 'signed')} ${f(`${at}/behind/standardError`, 'interval')}`,
      ];
    }),
  );
  return {
    type: 'fold',
    title: 'Show the penalties',
    blocks: [
      {
        type: 'table',
        caption: say`The gates of each base model at each penalty, on V2 or where it says so in the folds`,
        head: ['Base', 'Penalty', 'Open', 'Logloss', 'Above the least logloss (95 %)'],
        rows,
      },
    ],
  };
}
