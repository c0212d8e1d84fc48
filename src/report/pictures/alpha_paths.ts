import type {InteractionRecord, RunRecord, SearchRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {closingSteps, positionsInGates} from '../positions_in_gates';
import {colors} from '../theme';
import {axis, plot, roundAxis, stepAxis} from './axes';
import {tipsOf} from './interaction_labels';
import {legend, LegendItem} from './legend';
import {Coordinates, cross, polyline} from './marks';

/** Paths that the picture has at most: those of the strongest interactions. */
export const MOST_PATHS = 120;
/** Colours of the paths with a name. */
const NAMED = [colors.blue, colors.vermilion, colors.green, colors.purple, colors.gold, colors.teal];
/** More crosses than these are drawn thinner. */
const MANY = 30;
const PLOT = 360;

type Points = Array<[step: number, value: number]>;

/** An interaction and the trajectory of its alpha. */
interface Path {
  record: InteractionRecord;
  points: Points;
  closedAt: number | null;
  tip: string;
}

/** Draw the trajectory of each alpha over the steps of a search, the threshold, and a cross where a gate closed. */
export function alphaPaths(run: RunRecord, search: SearchRecord, width: number): Chart {
  const ranked = rankedPaths(run, search);
  const named = ranked.filter(({record}) => record.kept).slice(0, NAMED.length);
  // The named ones are drawn last, on top.
  const drawn = [...ranked].reverse();
  const closed = ranked.filter(({closedAt}) => closedAt !== null);
  const threshold = search.alpha.points.flatMap(({step, threshold}): Points =>
    threshold === null ? [] : [[step, threshold]],
  );
  const items: LegendItem[] = [
    ...named.map(({record}, i) => ({label: record.fields.join(' × '), color: NAMED[i], mark: 'line'}) as const),
    ...(ranked.length > named.length ? [{label: 'others', color: colors.quiet, mark: 'line'} as const] : []),
    ...(threshold.length > 0 ? [{label: 'threshold', color: colors.ink, mark: 'dashed'} as const] : []),
    ...(closed.length > 0 ? [{label: 'a gate closes', color: colors.ink, mark: 'cross'} as const] : []),
  ];
  const key = legend(items, {width, top: PLOT + 4});
  const values = [...drawn.map(({points}) => points), threshold].flatMap(points => points.map(([, value]) => value));
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [
      drawn.map(({tip}) => tip),
      [threshold.length > 0 ? `threshold, ${formats.alpha(threshold[threshold.length - 1][1])} at the end` : ''],
      closed.map(({tip}) => tip),
    ],
    option: {
      grid: plot(PLOT),
      xAxis: stepAxis(search.steps, width < 500 ? 4 : 8),
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
function rankedPaths(run: RunRecord, {alpha: {points}}: SearchRecord): Path[] {
  const tips = tipsOf(run);
  const closedAt = closingSteps(run);
  const positions = positionsInGates(run.interactions);
  const size = (i: number) => Math.abs(run.interactions[i].alpha);
  return [...run.interactions.keys()]
    .sort((a, b) => size(b) - size(a) || (closedAt[b] ?? 0) - (closedAt[a] ?? 0))
    .slice(0, MOST_PATHS)
    .map(i => {
      const record = run.interactions[i];
      return {
        record,
        points: points.map(({step, alpha}) => [step, alpha[record.gate][positions[i]]]),
        closedAt: closedAt[i],
        tip: tips[i],
      };
    });
}

function pathSeries(drawn: readonly Path[], named: readonly Path[]): object {
  const colorOf = new Map(named.map(({record}, i) => [record, NAMED[i]]));
  return {
    type: 'custom',
    clip: true,
    data: drawn.map(() => [0, 0]),
    renderItem: ({dataIndex}: {dataIndex: number}, api: Coordinates) => {
      const {record, points} = drawn[dataIndex];
      const color = colorOf.get(record);
      return polyline(
        points.map(point => api.coord(point)),
        {stroke: color ?? colors.quiet, lineWidth: color === undefined ? 1.2 : 2.4},
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
    data: closed.map(({closedAt}) => [closedAt!, 0]),
    renderItem: (_: unknown, api: Coordinates) => {
      const [x, y] = api.coord([api.value(0), 0]);
      return cross(x, y, colors.ink, closed.length > MANY ? 0.35 : 1);
    },
  };
}

function twoDigits(value: number): string {
  return String(Math.round(value * 100) / 100);
}
