import type {StageRecord} from '../../record/run_record';
import {axis, AXIS_ROOM, Chart, legend, LegendItem, stepAxis} from '../chart';
import {formats} from '../text';
import {colors} from '../theme';

interface Curve {
  label: string;
  stage: 'search' | 'retrain';
  points: Array<{step: number; value: number; tip: string}>;
  /** Few points, each an epoch: with dots. */
  dots: boolean;
}

type Measure = 'logloss' | 'auc';

/** What the logs call other measures by the names of their rows: val_logloss, test_auc. */
const prefixes: {[name: string]: string} = {val: 'validation', test: 'test', train: 'training'};

/** What was recorded of each stage; null where there is nothing to draw of it. */
export interface Stages {
  search: StageRecord | null;
  retrain: StageRecord | null;
}

/** The curves of one measure of both stages. */
function curvesOf(run: Stages, measure: Measure): Curve[] {
  const stages: Array<['search' | 'retrain', StageRecord | null]> = [
    ['search', run.search],
    ['retrain', run.retrain],
  ];
  const shownMeasure = measure === 'auc' ? 'AUC' : 'logloss';
  return stages.flatMap(([stage, record]) => {
    if (record === null) return [];
    const names = [...new Set(record.epochs.flatMap(({logs}) => Object.keys(logs)))];
    const logged = names.filter(name => new RegExp(`^(.+)_(${measure === 'auc' ? 'auc' : 'logloss'})$`).test(name));
    // val_loss of fit is the same as val_logloss but for regularisation.
    if (measure === 'logloss')
      logged.push(...names.filter(name => name === 'val_loss' && !logged.includes('val_logloss')));
    const training: Curve[] =
      measure === 'auc'
        ? []
        : [
            {
              label: 'training',
              stage,
              dots: false,
              points: record.loss.map(({step, steps, loss}) => ({
                step,
                value: loss,
                tip: `training loss ${formats.auc(loss)}, mean of ${steps} steps to step ${formats.count(step)}`,
              })),
            },
          ];
    return [
      ...training,
      ...logged.map((name): Curve => {
        const prefix = name.slice(0, name.lastIndexOf('_'));
        const label = prefixes[prefix] ?? prefix;
        return {
          label,
          stage,
          dots: true,
          points: record.epochs.flatMap(({epoch, step, logs}) =>
            logs[name] === undefined
              ? []
              : [
                  {
                    step,
                    value: logs[name],
                    tip: `${label} ${shownMeasure} ${formats.auc(logs[name])} after epoch ${epoch}`,
                  },
                ],
          ),
        };
      }),
    ];
  });
}

/** Whether anything of the measure was recorded. */
export function hasCurves(run: Stages, measure: Measure): boolean {
  return curvesOf(run, measure).some(({points}) => points.length > 0);
}

const styles: Array<Pick<LegendItem, 'color' | 'mark'>> = [
  {color: colors.quiet, mark: 'line'},
  {color: colors.blue, mark: 'line'},
  {color: colors.vermilion, mark: 'line'},
  {color: colors.green, mark: 'line'},
];

/** Curves of the search beside those of the retrain stage, below each other where it is narrow; one scale for both. */
export function curves(run: Stages, measure: Measure, width: number): Chart {
  const all = curvesOf(run, measure);
  const narrow = width < 500;
  const stages = (['search', 'retrain'] as const).filter(stage => all.some(curve => curve.stage === stage));
  const labels = [...new Set(['training', ...all.map(({label}) => label)])];
  const styleOf = (label: string) => styles[labels.indexOf(label) % styles.length];
  const PLOT = 250;
  const stacked = narrow && stages.length > 1;
  const columns = stacked ? 1 : stages.length;
  const gap = 56;
  const room = (width - 16 - columns * gap) / columns;
  const bottom = stacked ? stages.length * PLOT : PLOT;
  const shown = labels.filter(label => all.some(curve => curve.label === label));
  const key = legend(
    shown.map(label => ({label, ...styleOf(label)})),
    {width, top: bottom + 4},
  );
  // The first losses are far off; the scale covers what comes after them, so wide that marks differ in three digits.
  const settled = all.flatMap(({points}) => (points.length > 30 ? points.slice(3) : points)).map(({value}) => value);
  const [low, high] = [Math.min(...settled), Math.max(...settled)];
  const pad = Math.max(0.002, 0.05 * (high - low));
  const axisOf = (i: number) => ({gridIndex: i});
  return {
    width,
    height: bottom + 4 + key.height,
    tips: all.map(({points}) => ['', ...points.map(({tip}) => tip)]),
    option: {
      grid: stages.map((_, i) => ({
        left: gap + (stacked ? 0 : i * (room + gap)),
        width: room,
        top: 34 + (stacked ? i * PLOT : 0),
        height: PLOT - 34 - AXIS_ROOM,
      })),
      xAxis: stages.map((stage, i) => stepAxis(run[stage]!.steps, 4, axisOf(i))),
      yAxis: stages.map((_, i) =>
        axis('', {
          ...axisOf(i),
          min: low - pad,
          max: high + pad,
          splitNumber: 4,
          axisLabel: {showMinLabel: false, showMaxLabel: false, formatter: (v: number) => v.toFixed(3)},
        }),
      ),
      graphic: [
        ...key.graphic,
        ...stages.map((stage, i) => ({
          type: 'text',
          silent: true,
          x: gap + (stacked ? 0 : i * (room + gap)),
          y: 10 + (stacked ? i * PLOT : 0),
          style: {
            text: `${stage}: ${measure === 'auc' ? 'AUC' : 'loss'}`,
            fill: colors.ink,
            fontSize: 13,
            fontWeight: 600,
          },
        })),
      ],
      series: all.map(({label, stage, points, dots}) => {
        const {color} = styleOf(label);
        const i = stages.indexOf(stage);
        const data = points.map(({step, value}) => [step, value]);
        return {
          type: 'custom',
          clip: !dots,
          xAxisIndex: i,
          yAxisIndex: i,
          // The first item is the line; then come the points, which without dots are only there for the pointer.
          data: [[0, low], ...data],
          renderItem: ({dataIndex}: {dataIndex: number}, api: {coord(point: number[]): number[]}) => {
            const line = {
              type: 'polyline',
              shape: {points: data.map(point => api.coord(point))},
              style: {stroke: color, lineWidth: dots ? 2.2 : 1.6, fill: 'none'},
              silent: true,
            };
            if (dataIndex === 0) return line;
            const [cx, cy] = api.coord(data[dataIndex - 1]);
            return {
              type: 'circle',
              shape: {cx, cy, r: dots ? 4 : 5},
              style: dots ? {fill: color, stroke: colors.surface, lineWidth: 1} : {fill: color, opacity: 0},
            };
          },
        };
      }),
    },
  };
}
