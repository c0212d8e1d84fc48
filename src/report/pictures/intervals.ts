import type {ModelRecord, RunRecord} from '../../record/run_record';
import {mayBeChance} from '../../select/decision';
import {INTERVAL} from '../../statistics';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {certainOf, openPositions, modelIndex} from '../lookups';
import {colors} from '../theme';
import {type Interval, intervalPlot, type IntervalRow} from './interval_plot';
import type {LegendItem} from './legend';

/** Interactions on the first screen, and rows of the picture of all gains, wide and narrow. */
const [TOP, MOST, MOST_NARROW] = [5, 25, 8];

const COLORS = {interaction: colors.blue, field: colors.green, chosen: colors.blue, other: colors.ink};

/** Logistic regression, all interactions, trees, the chosen one, others. */
export function modelsInOrder(run: RunRecord): number[] {
  const roles = ['linear', 'before', 'trees', 'after', 'other'] as const;
  return roles.flatMap(role => [...run.models.keys()].filter(i => run.models[i].role === role));
}

/**
 * Draw AUC and logloss of the models on the test rows, each with the interval of its difference to the chosen one, and
 * below them the random sets and the selection on held-out rows.
 */
export function modelIntervals(run: RunRecord, width: number): Chart {
  const chosen = run.models[modelIndex(run, 'after')];
  return intervalPlot(
    [
      {title: 'AUC', reference: chosen.auc},
      {title: 'Logloss', reference: chosen.logloss},
    ],
    [...modelsInOrder(run).map(i => modelRow(run.models[i])), ...heldOutRows(run)],
    {width},
  );
}

const METRICS = ['auc', 'logloss'] as const;
const METRIC_NAMES = {auc: 'AUC', logloss: 'logloss'};

function modelRow(model: ModelRecord): IntervalRow {
  const {name, role, comparison} = model;
  return {
    name: role === 'after' ? `chosen: ${name}` : name,
    color: role === 'after' ? COLORS.chosen : COLORS.other,
    isPale: false,
    intervals: METRICS.map(metric => {
      const compared =
        comparison === null
          ? ''
          : `, chosen minus this ${formats.signed(comparison[metric].difference)} ` +
            formats.interval(comparison[metric].standardError);
      return {
        ...around(model[metric], comparison?.[metric].standardError ?? 0),
        text: formats.auc(model[metric]),
        tip: `${name}: ${METRIC_NAMES[metric]} ${formats.auc(model[metric])}${compared}`,
      };
    }),
  };
}

/** The random sets of as many interactions, from the worst to the best, and the selection on the same rows. */
function heldOutRows({decision: {scores}}: RunRecord): IntervalRow[] {
  const {random, selection} = scores;
  if (random.length === 0) return [];
  const row = (name: string, sets: ReadonlyArray<typeof selection>): IntervalRow => ({
    name: `${name}, held-out rows`,
    color: COLORS.other,
    isPale: true,
    intervals: METRICS.map(metric => {
      const values = sets.map(scored => scored[metric]).sort((a, b) => a - b);
      const [low, high] = [values[0], values[values.length - 1]];
      const shown = low === high ? formats.auc(low) : `${formats.auc(low)} to ${formats.auc(high)}`;
      const value = values[values.length >> 1];
      return {
        value,
        low,
        high,
        text: formats.auc(value),
        tip: `${name}, held-out rows: ${METRIC_NAMES[metric]} ${shown}`,
      };
    }),
  });
  return [row(`${random.length} random sets`, random), row('selection', [selection])];
}

/** Tell whether a run has gains to show. */
export function hasGains({decision, selection}: RunRecord): boolean {
  return selection.length + decision.fields.length > 0;
}

/** Draw the gains of the strongest interactions; of the strongest fields where none is kept. */
export function topGains(run: RunRecord, width: number): Chart {
  const rows = run.selection.length > 0 ? interactionRows(run) : fieldRows(run);
  return gainPlot(rows.slice(0, TOP), width);
}

/** Draw the gains of kept interactions and single fields on one axis, the strongest first. */
export function allGains(run: RunRecord, width: number): Chart {
  const rows = [...interactionRows(run), ...fieldRows(run)];
  return gainPlot(
    rows.sort((a, b) => b.intervals[0].value - a.intervals[0].value).slice(0, width < 500 ? MOST_NARROW : MOST),
    width,
  );
}

function gainPlot(rows: readonly IntervalRow[], width: number): Chart {
  const has = (color: string) => rows.some(row => row.color === color);
  const key: LegendItem[] = [
    ...(has(COLORS.interaction) ? [{label: 'interaction', color: COLORS.interaction, mark: 'dot'} as const] : []),
    ...(has(COLORS.field) ? [{label: 'single field', color: COLORS.field, mark: 'dot'} as const] : []),
    ...(rows.some(({isPale}) => isPale) ? [{label: 'uncertain', color: colors.quiet, mark: 'ring'} as const] : []),
  ];
  return intervalPlot([{title: 'Gain in logloss on held-out rows', reference: 0}], rows, {
    width,
    key: key.length > 1 ? key : [],
  });
}

function interactionRows(run: RunRecord): IntervalRow[] {
  const certain = new Set(certainOf(run));
  return openPositions(run).map(i => {
    const {fields, evidence} = run.interactions[i];
    const {kept: helping, samples} = evidence.stability;
    const detail = `; helps in ${helping} of ${samples} folds`;
    return gainRow(fields.join(' × '), evidence, {color: COLORS.interaction, isPale: !certain.has(i), detail});
  });
}

function fieldRows({decision: {fields}}: RunRecord): IntervalRow[] {
  return [...fields]
    .sort((a, b) => b.gain - a.gain)
    .map(field => gainRow(field.field, field, {color: COLORS.field, isPale: mayBeChance(field)}));
}

/** Draw the shares of the explained row, from 0 on. */
export function rowShares({inspection: {row}}: RunRecord, width: number): Chart {
  const shown = (name: string, share: number, color: string): IntervalRow => {
    const text = formats.signed(share);
    const ends = {low: Math.min(0, share), high: Math.max(0, share)};
    return {name, color, isPale: false, intervals: [{value: share, ...ends, text, tip: `${name}: log-odds ${text}`}]};
  };
  const rows = [
    ...row.shares.map(({fields, values, share}) =>
      shown(
        fields.map((field, k) => `${field} ${values[k]}`).join(' × '),
        share,
        fields.length > 1 ? COLORS.interaction : COLORS.field,
      ),
    ),
    shown('all others', row.others + row.intercept, COLORS.other),
  ];
  return intervalPlot([{title: 'Share in log-odds', reference: 0}], rows, {width});
}

function gainRow(
  name: string,
  {gain, standardError}: {gain: number; standardError: number},
  {detail = '', ...style}: {color: string; isPale: boolean; detail?: string},
): IntervalRow {
  const text = `${formats.signed(gain)} ${formats.interval(standardError)}`;
  const tip = `${name}: gain ${text}${detail}`;
  return {name, ...style, intervals: [{...around(gain, standardError), text, tip}]};
}

function around(value: number, standardError: number): Pick<Interval, 'value' | 'low' | 'high'> {
  return {value, low: value - INTERVAL * standardError, high: value + INTERVAL * standardError};
}
