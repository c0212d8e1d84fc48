import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors} from '../theme';
import {axis, plot, roundAxis} from './axes';
import {tipOf} from './interaction_labels';
import {legend} from './legend';
import {Coordinates, polyline} from './marks';
import {MOST_PATHS, NAMED, othersItem, pathItem, pathStyle} from './paths';

const PLOT = 320;

/** The garrote's path: the gate of each interaction by penalty, and the penalty that the held-out rows choose. */
export function gatePaths(run: RunRecord, width: number): Chart {
  const {path, chosen} = run.recipe!.gates[run.recipe!.best!];
  const ranked = [...run.interactions.keys()]
    .sort((a, b) => strengthOf(run, b) - strengthOf(run, a) || a - b)
    .slice(0, MOST_PATHS);
  const named = ranked.filter(i => run.interactions[i].kept).slice(0, NAMED.length);
  // The named ones are drawn last, on top.
  const drawn = [...ranked].reverse();
  const key = legend(
    [
      ...named.map((i, k) => pathItem(run.interactions[i], k)),
      ...(ranked.length > named.length ? [othersItem] : []),
      {label: 'the chosen penalty', color: colors.ink, mark: 'dashed'},
    ],
    {width, top: PLOT + 4},
  );
  const {max, interval} = roundAxis(0, Math.max(1, ...drawn.flatMap(i => path.map(({alpha}) => alpha[i]))));
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
      series: [gateSeries(path, drawn, named), penaltySeries(path.length, chosen, max)],
    },
  };
}

/** The gate of each drawn interaction at each penalty. */
function gateSeries(
  path: ReadonlyArray<{alpha: readonly number[]}>,
  drawn: readonly number[],
  named: readonly number[],
): object {
  return {
    type: 'custom',
    clip: true,
    data: drawn.map(() => [0, 0]),
    renderItem: ({dataIndex}: {dataIndex: number}, api: Coordinates) => {
      const i = drawn[dataIndex];
      return polyline(
        path.map(({alpha}, at) => api.coord([at, alpha[i]])),
        pathStyle(named.includes(i) ? NAMED[named.indexOf(i)] : undefined),
      );
    },
  };
}

/** An upright line at each penalty, dashed at the chosen one. */
function penaltySeries(penalties: number, chosen: number, max: number): object {
  return {
    type: 'custom',
    data: Array.from({length: penalties}, () => [0, 0]),
    renderItem: ({dataIndex: at}: {dataIndex: number}, api: Coordinates) =>
      polyline(
        [api.coord([at, 0]), api.coord([at, max])],
        at === chosen ? {stroke: colors.ink, lineWidth: 1.8, lineDash: [6, 5]} : {stroke: colors.grid, lineWidth: 1},
      ),
  };
}

function strengthOf(run: RunRecord, i: number): number {
  return run.interactions[i].evidence?.gain ?? 0;
}

function tipOfPenalty({lambda, open, logloss}: {lambda: number; open: number; logloss: number}): string {
  return `penalty ${formats.short(lambda)}: ${formats.count(open)} open, logloss ${formats.auc(logloss)}`;
}
