import type {RunRecord} from '../../record/run_record';
import {axis, Chart, cross, legend, LegendItem, plot, roundAxis, stepAxis} from '../chart';
import {formats} from '../text';
import {colors} from '../theme';
import {tipOf} from './alpha_map';

/** Paths that the picture has at most: those of the largest |alpha|, and those that closed last. */
export const MOST_PATHS = 120;
/** More crosses than these are drawn thinner. */
const MANY = 30;
/** Paths with a colour and a name of their own. */
export const NAMED = [colors.blue, colors.vermilion, colors.green, colors.purple, colors.gold, colors.teal];

/** Trajectory of each alpha over the steps of the search, the threshold, and a cross where a gate closed. */
export function alphaPaths(run: RunRecord, width: number): Chart {
  const {
    steps,
    alpha: {gates, points},
  } = run.search!;
  let at = 0;
  const offsets = gates.map(({interactions}) => (at += interactions.length) - interactions.length);
  const ranked = run.interactions
    .map((record, i) => ({record, p: i - offsets[record.gate]}))
    .sort(
      (a, b) =>
        Math.abs(b.record.alpha) - Math.abs(a.record.alpha) || (b.record.closedAt ?? 0) - (a.record.closedAt ?? 0),
    )
    .slice(0, MOST_PATHS);
  const named = ranked.filter(({record}) => record.kept).slice(0, NAMED.length);
  // The named ones are drawn last, on top.
  const drawn = [...ranked].reverse();
  const colorOf = new Map(named.map(({record}, i) => [record, NAMED[i]]));
  const closed = ranked.filter(({record}) => record.closedAt !== null);
  const hasThreshold = points.some(({threshold}) => threshold !== null);
  const items: LegendItem[] = [
    ...named.map(({record}, i): LegendItem => ({label: record.fields.join(' × '), color: NAMED[i], mark: 'line'})),
    ...(ranked.length > named.length ? [{label: 'others', color: colors.quiet, mark: 'line'} as const] : []),
    ...(hasThreshold ? [{label: 'threshold', color: colors.ink, mark: 'dashed'} as const] : []),
    ...(closed.length > 0 ? [{label: 'a gate closes', color: colors.ink, mark: 'cross'} as const] : []),
  ];
  const PLOT = 360;
  const key = legend(items, {width, top: PLOT + 4});
  const line =
    (values: ReadonlyArray<[number, number]>, style: object) =>
    (_: unknown, api: {coord(point: [number, number]): number[]}) => ({
      type: 'polyline',
      shape: {points: values.map(v => api.coord(v))},
      style: {fill: 'none', ...style},
    });
  const pathOf = ({record, p}: (typeof ranked)[number]) =>
    points.map(({step, alpha}): [number, number] => [step, alpha[record.gate][p]]);
  const threshold = points.flatMap(({step, threshold}): Array<[number, number]> =>
    threshold === null ? [] : [[step, threshold]],
  );
  const values = [...drawn.flatMap(path => pathOf(path).map(([, a]) => a)), ...threshold.map(([, t]) => t)];
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [
      drawn.map(({record}) => tipOf(record)),
      [hasThreshold ? `threshold, ${formats.alpha(threshold[threshold.length - 1][1])} at the end` : ''],
      closed.map(({record}) => tipOf(record)),
    ],
    option: {
      grid: plot(PLOT),
      xAxis: stepAxis(steps, width < 500 ? 4 : 8),
      yAxis: axis(hasThreshold ? 'alpha and threshold' : 'alpha', {
        nameGap: 34,
        ...roundAxis(Math.min(0, ...values), Math.max(...values)),
        axisLabel: {formatter: twoDigits},
      }),
      graphic: key.graphic,
      series: [
        {
          type: 'custom',
          clip: true,
          data: drawn.map(() => [0, 0]),
          renderItem: ({dataIndex: i}: {dataIndex: number}, api: never) => {
            const color = colorOf.get(drawn[i].record);
            return line(pathOf(drawn[i]), {stroke: color ?? colors.quiet, lineWidth: color === undefined ? 1.2 : 2.4})(
              null,
              api,
            );
          },
        },
        {
          type: 'custom',
          clip: true,
          data: threshold.length > 0 ? [[0, 0]] : [],
          renderItem: (_: unknown, api: never) =>
            line(threshold, {stroke: colors.ink, lineWidth: 1.8, lineDash: [6, 5]})(null, api),
        },
        {
          type: 'custom',
          data: closed.map(({record}) => [record.closedAt!, 0]),
          renderItem: (_: unknown, api: {coord(point: number[]): number[]; value(k: number): number}) => {
            const [x, y] = api.coord([api.value(0), 0]);
            return cross(x, y, colors.ink, closed.length > MANY ? 0.35 : 1);
          },
        },
      ],
    },
  };
}

function twoDigits(value: number): string {
  return String(Math.round(value * 100) / 100);
}
