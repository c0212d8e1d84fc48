import type {StageRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors} from '../theme';
import {axis, AXIS_ROOM, stepAxis} from './axes';
import {legend, LegendItem} from './legend';
import {Coordinates, polyline} from './marks';

/** Height of a plot with its axes, and room before it. */
const PLOT = 250;
const GAP = 56;

type Stage = 'search' | 'retrain';

interface Curve {
  label: string;
  stage: Stage;
  points: Array<{step: number; value: number; tip: string}>;
  /** Few points, each an epoch: with dots. */
  dots: boolean;
}

type Measure = 'logloss' | 'auc';

/** Names of row sets by the prefix of their measures in the logs: val_logloss, test_auc. */
const prefixes: {[name: string]: string} = {val: 'validation', test: 'test', train: 'training'};

/** Records of each stage; null where there is nothing to draw. */
export interface Stages {
  search: StageRecord | null;
  retrain: StageRecord | null;
}

/** The curves of one measure of both stages. */
function curvesOf({search, retrain}: Stages, measure: Measure): Curve[] {
  return [
    ...(search === null ? [] : stageCurves('search', search, measure)),
    ...(retrain === null ? [] : stageCurves('retrain', retrain, measure)),
  ];
}

function stageCurves(stage: Stage, record: StageRecord, measure: Measure): Curve[] {
  const names = [...new Set(record.epochs.flatMap(({logs}) => Object.keys(logs)))];
  const logged = names.filter(name => name.endsWith(`_${measure}`) && name !== `_${measure}`);
  // val_loss of fit is the same as val_logloss but for regularisation.
  if (measure === 'logloss')
    logged.push(...names.filter(name => name === 'val_loss' && !logged.includes('val_logloss')));
  return [
    ...(measure === 'auc' ? [] : [trainingCurve(stage, record)]),
    ...logged.map(name => loggedCurve(stage, record, name, measure)),
  ];
}

/** The training loss, step by step. */
function trainingCurve(stage: Stage, {loss}: StageRecord): Curve {
  return {
    label: 'training',
    stage,
    dots: false,
    points: loss.map(({step, steps, loss: value}) => ({
      step,
      value,
      tip: `training loss ${formats.auc(value)}, mean of ${steps} steps to step ${formats.count(step)}`,
    })),
  };
}

/** A measure of other rows, epoch by epoch. */
function loggedCurve(stage: Stage, {epochs}: StageRecord, name: string, measure: Measure): Curve {
  const prefix = name.slice(0, name.lastIndexOf('_'));
  const label = prefixes[prefix] ?? prefix;
  const shown = measure === 'auc' ? 'AUC' : 'logloss';
  return {
    label,
    stage,
    dots: true,
    points: epochs
      .filter(({logs}) => logs[name] !== undefined)
      .map(({epoch, step, logs}) => ({
        step,
        value: logs[name],
        tip: `${label} ${shown} ${formats.auc(logs[name])} after epoch ${epoch}`,
      })),
  };
}

/** Tell whether any stage recorded a value of the measure. */
export function hasCurves(run: Stages, measure: Measure): boolean {
  return curvesOf(run, measure).some(({points}) => points.length > 0);
}

const styles: Array<Pick<LegendItem, 'color' | 'mark'>> = [
  {color: colors.quiet, mark: 'line'},
  {color: colors.blue, mark: 'line'},
  {color: colors.vermilion, mark: 'line'},
  {color: colors.green, mark: 'line'},
];

/** The scale and the place of each stage's plot. */
interface Layout {
  stages: Stage[];
  /** The left edge and the top of a stage's plot. */
  at(stage: number): {left: number; top: number};
  room: number;
  bottom: number;
  low: number;
  high: number;
}

/** Curves of the search beside those of the retrain stage, below each other where it is narrow; one scale for both. */
export function curves(run: Stages, measure: Measure, width: number): Chart {
  const all = curvesOf(run, measure);
  const layout = layoutOf(all, width);
  const {stages, at, room, bottom, low, high} = layout;
  const labels = [...new Set(['training', ...all.map(({label}) => label)])];
  const styleOf = (label: string) => styles[labels.indexOf(label) % styles.length];
  const shown = labels.filter(label => all.some(curve => curve.label === label));
  const key = legend(
    shown.map(label => ({label, ...styleOf(label)})),
    {width, top: bottom + 4},
  );
  return {
    width,
    height: bottom + 4 + key.height,
    tips: all.map(({points}) => ['', ...points.map(({tip}) => tip)]),
    option: {
      grid: stages.map((_, i) => ({
        left: at(i).left,
        width: room,
        top: 34 + at(i).top,
        height: PLOT - 34 - AXIS_ROOM,
      })),
      xAxis: stages.map((stage, i) => stepAxis(run[stage]!.steps, 4, {gridIndex: i})),
      yAxis: stages.map((_, i) =>
        axis('', {
          gridIndex: i,
          min: low,
          max: high,
          splitNumber: 4,
          axisLabel: {showMinLabel: false, showMaxLabel: false, formatter: (v: number) => v.toFixed(3)},
        }),
      ),
      graphic: [...key.graphic, ...stages.map((stage, i) => title(stage, measure, at(i)))],
      series: all.map(curve => curveSeries(curve, styleOf(curve.label).color, layout)),
    },
  };
}

function layoutOf(all: readonly Curve[], width: number): Layout {
  const stages = (['search', 'retrain'] as const).filter(stage => all.some(curve => curve.stage === stage));
  const stacked = width < 500 && stages.length > 1;
  const columns = stacked ? 1 : stages.length;
  const room = (width - 16 - columns * GAP) / columns;
  // The first losses are far off; the scale covers what comes after them, so wide that marks differ in three digits.
  const settled = all.flatMap(({points}) => (points.length > 30 ? points.slice(3) : points)).map(({value}) => value);
  const [low, high] = [Math.min(...settled), Math.max(...settled)];
  const pad = Math.max(0.002, 0.05 * (high - low));
  return {
    stages,
    at: i => ({left: GAP + (stacked ? 0 : i * (room + GAP)), top: stacked ? i * PLOT : 0}),
    room,
    bottom: stacked ? stages.length * PLOT : PLOT,
    low: low - pad,
    high: high + pad,
  };
}

function title(stage: Stage, measure: Measure, {left, top}: {left: number; top: number}): object {
  return {
    type: 'text',
    silent: true,
    x: left,
    y: 10 + top,
    style: {
      text: `${stage}: ${measure === 'auc' ? 'AUC' : 'loss'}`,
      fill: colors.ink,
      fontSize: 13,
      fontWeight: 600,
    },
  };
}

/** The first item is the line; then come the points, which without dots are only there for the pointer. */
function curveSeries({stage, points, dots}: Curve, color: string, {stages, low}: Layout): object {
  const data = points.map(({step, value}) => [step, value]);
  return {
    type: 'custom',
    clip: !dots,
    xAxisIndex: stages.indexOf(stage),
    yAxisIndex: stages.indexOf(stage),
    data: [[0, low], ...data],
    renderItem: ({dataIndex}: {dataIndex: number}, api: Coordinates) => {
      if (dataIndex === 0) {
        const line = polyline(
          data.map(point => api.coord(point)),
          {stroke: color, lineWidth: dots ? 2.2 : 1.6},
        );
        return {...line, silent: true};
      }
      const [cx, cy] = api.coord(data[dataIndex - 1]);
      return {
        type: 'circle',
        shape: {cx, cy, r: dots ? 4 : 5},
        style: dots ? {fill: color, stroke: colors.surface, lineWidth: 1} : {fill: color, opacity: 0},
      };
    },
  };
}
