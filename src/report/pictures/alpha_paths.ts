import type {InteractionRecord, RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors} from '../theme';
import {axis, plot, roundAxis, stepAxis} from './axes';
import {tipOf} from './interaction_labels';
import {legend, LegendItem} from './legend';
import {Coordinates, cross, polyline} from './marks';
import {MOST_PATHS, NAMED, othersItem, pathItem, pathStyle} from './paths';

/** More crosses than these are drawn thinner. */
const MANY = 30;
const PLOT = 360;

type Points = Array<[step: number, value: number]>;

/** An interaction and the trajectory of its alpha. */
interface Path {
  record: InteractionRecord;
  points: Points;
}

/** Trajectory of each alpha over the steps of the search, the threshold, and a cross where a gate closed. */
export function alphaPaths(run: RunRecord, width: number): Chart {
  const ranked = rankedPaths(run);
  const named = ranked.filter(({record}) => record.kept).slice(0, NAMED.length);
  // The named ones are drawn last, on top.
  const drawn = [...ranked].reverse();
  const closed = ranked.filter(({record}) => record.closedAt !== null);
  const threshold = run.search!.alpha.points.flatMap(({step, threshold}): Points =>
    threshold === null ? [] : [[step, threshold]],
  );
  const items: LegendItem[] = [
    ...named.map(({record}, i) => pathItem(record, i)),
    ...(ranked.length > named.length ? [othersItem] : []),
    ...(threshold.length > 0 ? [{label: 'threshold', color: colors.ink, mark: 'dashed'} as const] : []),
    ...(closed.length > 0 ? [{label: 'a gate closes', color: colors.ink, mark: 'cross'} as const] : []),
  ];
  const key = legend(items, {width, top: PLOT + 4});
  const values = [...drawn.map(({points}) => points), threshold].flatMap(points => points.map(([, value]) => value));
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [
      drawn.map(({record}) => tipOf(record)),
      [threshold.length > 0 ? `threshold, ${formats.alpha(threshold[threshold.length - 1][1])} at the end` : ''],
      closed.map(({record}) => tipOf(record)),
    ],
    option: {
      grid: plot(PLOT),
      xAxis: stepAxis(run.search!.steps, width < 500 ? 4 : 8),
      yAxis: axis(threshold.length > 0 ? 'alpha and threshold' : 'alpha', {
        nameGap: 34,
        ...roundAxis(Math.min(0, ...values), Math.max(...values)),
        axisLabel: {formatter: twoDigits},
      }),
      graphic: key.graphic,
      series: [pathSeries(drawn, named), thresholdSeries(threshold), crossSeries(closed)],
    },
  };
}

/** The interactions by |alpha|, the largest first, closed ones by the step that closed them, the last first. */
function rankedPaths({interactions, search}: RunRecord): Path[] {
  const {gates, points} = search!.alpha;
  let at = 0;
  const offsets = gates.map(gate => (at += gate.interactions.length) - gate.interactions.length);
  return interactions
    .map((record, i) => ({record, p: i - offsets[record.gate]}))
    .sort(
      (a, b) =>
        Math.abs(b.record.alpha) - Math.abs(a.record.alpha) || (b.record.closedAt ?? 0) - (a.record.closedAt ?? 0),
    )
    .slice(0, MOST_PATHS)
    .map(({record, p}) => ({record, points: points.map(({step, alpha}) => [step, alpha[record.gate][p]])}));
}

function pathSeries(drawn: readonly Path[], named: readonly Path[]): object {
  const colorOf = new Map(named.map(({record}, i) => [record, NAMED[i]]));
  return {
    type: 'custom',
    clip: true,
    data: drawn.map(() => [0, 0]),
    renderItem: ({dataIndex}: {dataIndex: number}, api: Coordinates) => {
      const {record, points} = drawn[dataIndex];
      return polyline(
        points.map(point => api.coord(point)),
        pathStyle(colorOf.get(record)),
      );
    },
  };
}

function thresholdSeries(threshold: Points): object {
  return {
    type: 'custom',
    clip: true,
    data: threshold.length > 0 ? [[0, 0]] : [],
    renderItem: (_: unknown, api: Coordinates) =>
      polyline(
        threshold.map(point => api.coord(point)),
        {stroke: colors.ink, lineWidth: 1.8, lineDash: [6, 5]},
      ),
  };
}

function crossSeries(closed: readonly Path[]): object {
  return {
    type: 'custom',
    data: closed.map(({record}) => [record.closedAt!, 0]),
    renderItem: (_: unknown, api: Coordinates) => {
      const [x, y] = api.coord([api.value(0), 0]);
      return cross(x, y, colors.ink, closed.length > MANY ? 0.35 : 1);
    },
  };
}

function twoDigits(value: number): string {
  return String(Math.round(value * 100) / 100);
}
