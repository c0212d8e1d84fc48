import type {RunRecord} from '../../record/run_record';
import {judgesChosen} from '../answer';
import {type Block, paragraph} from '../blocks';
import {say} from '../text';
import {figuresOf} from '../figures';

/** Where `judge` does not train the chosen model. */
const NOT_CHOSEN = say`This verdict is not of the chosen model, which has components that take no gates. Judged is a
  model of products of its pairs alone. The first sentence of this report and the models on the test rows say how the
  chosen model compares.`;

/** Present the result of `judgeSelection`: standings and duels. */
export function verdictBlocks(run: RunRecord): Block[] {
  const f = figuresOf(run);
  const {standings, duels} = run.verdict!;
  return [
    ...(judgesChosen(run) ? [] : [paragraph(NOT_CHOSEN)]),
    {type: 'text', text: [f('/verdict/words')]},
    {
      type: 'table',
      caption: say`Each set of interactions retrained on the same rows; test AUC and logloss: mean and standard
        deviation over the runs.`,
      head: ['Interactions', 'Form', 'Kept', 'AUC', 'sd', 'Logloss', 'Runs'],
      rows: standings.map((_, i) => {
        const at = `/verdict/standings/${i}`;
        return [
          [f(`${at}/contestant`)],
          [f(`${at}/form`)],
          [f(`${at}/kept`, 'count')],
          [f(`${at}/auc/mean`, 'auc')],
          [f(`${at}/auc/sd`, 'auc')],
          [f(`${at}/logloss/mean`, 'auc')],
          [f(`${at}/auc/runs`, 'count')],
        ];
      }),
    },
    {
      type: 'table',
      caption: say`The selection against each other set, paired by seed; p: how likely such a difference is
        by chance alone.`,
      head: ['Against', 'Selection', 'Other', 'Difference', 'p'],
      rows: duels.map((_, i) => {
        const at = `/verdict/duels/${i}`;
        return [
          [f(`${at}/opponent`)],
          [f(`${at}/own`, 'auc')],
          [f(`${at}/other`, 'auc')],
          [f(`${at}/difference`, 'auc')],
          [f(`${at}/p`, 'p')],
        ];
      }),
    },
  ];
}
