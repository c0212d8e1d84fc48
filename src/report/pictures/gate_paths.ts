import type {RunRecord} from '../../record/run_record';
import {axis, Chart, legend, LegendItem, plot, roundAxis} from '../chart';
import {formats} from '../text';
import {colors} from '../theme';
import {tipOf} from './alpha_map';
import {MOST_PATHS, NAMED} from './alpha_paths';

interface Coordinates {
  coord(point: [number, number]): [number, number];
}

/** The garrote's path: the gate of each interaction by penalty, and the penalty that the held-out rows choose. */
export function gatePaths(run: RunRecord, width: number): Chart {
  const {path, chosen} = run.recipe!.gates[run.recipe!.best!];
  const ranked = [...run.interactions.keys()]
    .sort((a, b) => strengthOf(run, b) - strengthOf(run, a) || a - b)
    .slice(0, MOST_PATHS);
  const named = ranked.filter(i => run.interactions[i].kept).slice(0, NAMED.length);
  // The named ones are drawn last, on top.
  const drawn = [...ranked].reverse();
  const items: LegendItem[] = [
    ...named.map((i, k): LegendItem => ({
      label: run.interactions[i].fields.join(' × '),
      color: NAMED[k],
      mark: 'line',
    })),
    ...(ranked.length > named.length ? [{label: 'others', color: colors.quiet, mark: 'line'} as const] : []),
    {label: 'the chosen penalty', color: colors.ink, mark: 'dashed'},
  ];
  const PLOT = 320;
  const key = legend(items, {width, top: PLOT + 4});
  const most = Math.max(1, ...drawn.flatMap(i => path.map(({alpha}) => alpha[i])));
  const {max, interval} = roundAxis(0, most);
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [drawn.map(i => tipOf(run.interactions[i])), path.map(tipOfPenalty)],
    option: {
      grid: plot(PLOT),
      xAxis: axis('penalty', {
        min: 0,
        max: path.length - 1,
        interval: 1,
        axisLabel: {formatter: (i: number) => formats.short(path[i].lambda)},
      }),
      yAxis: axis('alpha', {nameGap: 34, min: 0, max, interval}),
      graphic: key.graphic,
      series: [
        {
          type: 'custom',
          clip: true,
          data: drawn.map(() => [0, 0]),
          renderItem: ({dataIndex}: {dataIndex: number}, {coord}: Coordinates) => {
            const i = drawn[dataIndex];
            const color = named.includes(i) ? NAMED[named.indexOf(i)] : undefined;
            return {
              type: 'polyline',
              shape: {points: path.map(({alpha}, at) => coord([at, alpha[i]]))},
              style: {stroke: color ?? colors.quiet, lineWidth: color === undefined ? 1.2 : 2.4, fill: 'none'},
            };
          },
        },
        {
          type: 'custom',
          data: path.map(() => [0, 0]),
          renderItem: ({dataIndex: at}: {dataIndex: number}, {coord}: Coordinates) => ({
            type: 'polyline',
            shape: {points: [coord([at, 0]), coord([at, max])]},
            style:
              at === chosen
                ? {stroke: colors.ink, lineWidth: 1.8, lineDash: [6, 5], fill: 'none'}
                : {stroke: colors.grid, lineWidth: 1, fill: 'none'},
          }),
        },
      ],
    },
  };
}

function strengthOf(run: RunRecord, i: number): number {
  return run.interactions[i].evidence?.gain ?? 0;
}

function tipOfPenalty({lambda, open, logloss}: {lambda: number; open: number; logloss: number}): string {
  return `penalty ${formats.short(lambda)}: ${formats.count(open)} open, logloss ${formats.auc(logloss)} on V2`;
}
