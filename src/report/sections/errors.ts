import type {RunRecord} from '../../record/run_record';
import type {Block} from '../blocks';
import {figuresOf} from '../figures';
import {modelIndex} from '../lookups';
import {say, type Text} from '../text';

/** The values of fields on whose rows the chosen model errs most. */
export function segmentTable(run: RunRecord): Block {
  const f = figuresOf(run);
  const at = '/inspection/segments';
  return {
    type: 'table',
    caption: say`Worst of ${f(`${at}/compared`, 'count')} values with at least ${f(`${at}/leastRows`, 'count')} test
      rows: rates farthest from the prediction, then highest logloss (all rows:
      ${f(`/models/${modelIndex(run, 'after')}/logloss`, 'auc')}). Among many values some are off by chance.`,
    head: ['Rows with', 'Count', 'Predicted', 'Observed', 'Logloss'],
    rows: run.inspection.segments.worst.map((_, i): Text[] => {
      const path = `${at}/worst/${i}`;
      return [
        say`${f(`${path}/field`)} ${f(`${path}/value`)}`,
        [f(`${path}/rows`, 'count')],
        [f(`${path}/predicted`, 'percent')],
        [f(`${path}/observed`, 'percent')],
        [f(`${path}/logloss`, 'alpha')],
      ];
    }),
  };
}
