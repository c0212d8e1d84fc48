import type {RunRecord} from '../../record/run_record';
import type {Content} from '../blocks';
import {figuresOf, formats} from '../figures';
import {term} from '../glossary';
import {modelIndex} from '../lookups';
import {listed, say, type Text} from '../text';

/** Columns that are named; the appendix has the others. */
const NAMED = 8;

/** State rows, share of positives, columns, calibration and size of the model. */
export function factsOf(run: RunRecord): Content['facts'] {
  const f = figuresOf(run);
  const {parts, fields} = run.data;
  const at = `/models/${modelIndex(run, 'after')}`;
  const names = fields.slice(0, NAMED).map((_, i): Text => [f(`/data/fields/${i}/name`)]);
  const rest = fields.length - NAMED;
  return [
    ['Rows', listed(parts.map((_, i) => say`${f(`/data/parts/${i}/rows`, 'count')} ${f(`/data/parts/${i}/name`)}`))],
    ['Positive', say`${f('/data/parts/0/rate', 'percent')}: ${f('/positive')}`],
    [
      'Columns',
      say`${f('/data/fields/length', 'count')}: ${listed([
        ...names,
        ...(rest > 0 ? [[`${formats.count(rest)} more`]] : []),
      ])}`,
    ],
    ['Predicted rates', say`off by ${(100 * miscalibration(run)).toFixed(1)} points on average over bins of test rows`],
    ['Model', say`${f(`${at}/parameters`, 'count')} ${term(run, 'parameters')}, ${f(`${at}/bytes`, 'bytes')}`],
  ];
}

/** Compute the mean absolute difference of predicted and observed rate over the bins of the chosen model. */
function miscalibration({models}: RunRecord): number {
  const {calibration} = models.find(({role}) => role === 'after')!;
  const rows = calibration.reduce((sum, bin) => sum + bin.rows, 0);
  return calibration.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.predicted - bin.observed), 0) / rows;
}
