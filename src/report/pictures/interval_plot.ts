import {type Chart, drawable, FONT} from '../chart';
import {colors} from '../theme';
import {legend, type LegendItem} from './legend';

/** A value with its interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
  /** Written at the end of the row. */
  text: string;
  tip: string;
}

/** One row of an interval plot: its name and an interval on each panel. */
export interface IntervalRow {
  name: string;
  intervals: readonly Interval[];
  color: string;
  /** Drawn pale and hollow. */
  isPale: boolean;
}

/** A panel with an axis of its own. */
interface Panel {
  title: string;
  /** Position of a dashed line, which the axis contains. */
  reference?: number;
}

const FONT_SIZE = 13;
const [ROW, NARROW_ROW, TOP, AXIS] = [25, 35, 24, 22];
/** Width of a letter, and of the widest column of names; longer names take two lines or more. */
const [LETTER, MOST_NAMES] = [7.6, 236];
/** Height of a further line of a name. */
const LINE = 15;

/** Position of one panel and its axis. */
interface Axis {
  left: number;
  width: number;
  min: number;
  max: number;
  ticks: number[];
  x(value: number): number;
}

/** Layout of the rows. */
interface RowLayout {
  narrow: boolean;
  left: number;
  bottom: number;
  /** Room for names. */
  names: number;
  y(row: number): number;
}

/** Draw rows of values with their intervals, on one panel or several side by side; names stand above on a phone. */
export function intervalPlot(
  panels: readonly Panel[],
  rows: readonly IntervalRow[],
  {width, key = []}: {width: number; key?: readonly LegendItem[]},
): Chart {
  const narrow = width < 500;
  const longest = LETTER * Math.max(...rows.map(({name}) => name.length));
  const names = narrow ? width - 28 : Math.min(longest, MOST_NAMES);
  const left = narrow ? 14 : 16 + names;
  const heights = rows.map(({name}) => {
    const further = LINE * (Math.ceil((LETTER * name.length) / names) - 1);
    return narrow ? NARROW_ROW + further : Math.max(ROW, further + LINE + 6);
  });
  const bottoms = heights.map((_, r) => heights.slice(0, r + 1).reduce((sum, height) => sum + height, TOP));
  const layout: RowLayout = {
    narrow,
    left,
    names,
    bottom: bottoms[rows.length - 1],
    y: r => bottoms[r] - (narrow ? 9 : heights[r] / 2),
  };
  const room = (width - left) / panels.length;
  const axes = panels.map((panel, p) =>
    axisOf(
      panel,
      rows.map(({intervals}) => intervals[p]),
      {left: left + p * room, width: room},
    ),
  );
  const entries = legend(key, {width, top: layout.bottom + AXIS});
  const height = layout.bottom + AXIS + entries.height;
  return {
    width,
    height,
    tips: panels.map((_, p) => rows.map(({intervals}) => intervals[p].tip)),
    option: {
      ...inPixels(width, height),
      graphic: [
        ...axes.flatMap((axis, p) => frame(axis, panels[p], layout.bottom)),
        ...rows.flatMap((marked, r) => rowMarks(marked, {r, axes, layout})),
        ...entries.graphic,
      ],
      series: axes.map((axis, p) => dotSeries(axis, rows, {y: layout.y, p})),
    },
  };
}

/** Axes of points in pixels, as all other items are. */
export function inPixels(width: number, height: number): object {
  return {
    xAxis: {show: false, min: 0, max: width},
    yAxis: {show: false, min: 0, max: height, inverse: true},
    grid: {left: 0, right: 0, top: 0, bottom: 0},
  };
}

/** A text of a picture. */
export function write(x: number, y: number, label: string, style: object): object {
  const font = {fill: colors.ink, fontSize: FONT_SIZE, fontFamily: FONT, verticalAlign: 'middle'};
  return {type: 'text', x, y, silent: true, style: {...font, text: drawable(label), ...style}};
}

/** A line between two points of the picture. */
function line(from: readonly number[], to: readonly number[], style: object): object {
  return {type: 'polyline', shape: {points: [from, to]}, style: {fill: 'none', ...style}, silent: true};
}

/** The name of a row, its intervals as lines, and its values at the ends of the panels. */
function rowMarks(
  {name, intervals, color, isPale}: IntervalRow,
  {r, axes, layout}: {r: number; axes: readonly Axis[]; layout: RowLayout},
): object[] {
  const {narrow, left, names, y} = layout;
  return [
    write(narrow ? left : left - 12, y(r) - (narrow ? 8 : 0), name, {
      fill: isPale ? colors.muted : colors.ink,
      // Fonts are wider than the renderer measures.
      width: 0.9 * names,
      overflow: 'break',
      lineHeight: LINE,
      ...(narrow
        ? {align: 'left', verticalAlign: 'bottom', backgroundColor: colors.surface}
        : {align: 'right', verticalAlign: 'middle'}),
    }),
    ...axes.flatMap(({left: start, width, x}, p) => [
      line([x(intervals[p].low), y(r)], [x(intervals[p].high), y(r)], {
        stroke: isPale ? colors.quiet : color,
        lineWidth: 3,
      }),
      write(start + width + 8, y(r), intervals[p].text, {fill: colors.muted, fontSize: 12}),
    ]),
  ];
}

function axisOf(
  {reference}: Panel,
  intervals: readonly Interval[],
  {left, width}: {left: number; width: number},
): Axis {
  const values = [...intervals.flatMap(({low, high}) => [low, high]), ...(reference === undefined ? [] : [reference])];
  const room = width - 24 - LETTER * Math.max(...intervals.map(({text}) => text.length));
  const {min, max, interval} = roundAxis(Math.min(...values), Math.max(...values), {steps: room < 200 ? 2 : 4});
  const count = Math.round((max - min) / interval);
  return {
    left: left + 8,
    width: room,
    min,
    max,
    ticks: Array.from({length: count + 1}, (_, t) =>
      Number((interval * (Math.round(min / interval) + t)).toPrecision(8)),
    ),
    x: value => left + 8 + (room * (value - min)) / (max - min),
  };
}

/** The title, the lines of the ticks with their numbers, and the dashed line of a panel. */
function frame({left, ticks, x}: Axis, {title, reference}: Panel, bottom: number): object[] {
  const number = (tick: number) => String(tick).replace('-', '−');
  // Where numbers would touch, some of the lines have none.
  const every = Math.ceil((LETTER * (1 + Math.max(...ticks.map(tick => number(tick).length)))) / (x(ticks[1]) - left));
  const upright = (at: number, style: object) => line([at, TOP], [at, bottom], style);
  return [
    write(left, 10, title, {fontWeight: 600}),
    ...ticks.map(tick => upright(x(tick), {stroke: colors.grid, lineWidth: 1})),
    ...ticks
      .filter(tick => Math.round(tick / (ticks[1] - ticks[0])) % every === 0)
      .map(tick => write(x(tick), bottom + 11, number(tick), {align: 'center', fill: colors.muted, fontSize: 12})),
    ...(reference === undefined
      ? []
      : [upright(x(reference), {stroke: colors.axis, lineWidth: 1.5, lineDash: [5, 4]})]),
  ];
}

/** The dots of one panel. */
function dotSeries({x}: Axis, rows: readonly IntervalRow[], {y, p}: {y(row: number): number; p: number}): object {
  return {
    type: 'scatter',
    symbolSize: 10,
    data: rows.map(({intervals, color, isPale}, r) => {
      const [fill, borderColor] = isPale ? [colors.surface, colors.quiet] : [color, colors.surface];
      const itemStyle = {color: fill, opacity: 1, borderColor, borderWidth: 1.5};
      return {value: [x(intervals[p].value), y(r)], itemStyle};
    }),
  };
}

/** Ends and steps of an axis in round numbers, so that low and high lie on it. */
export function roundAxis(low: number, high: number, {steps = 5} = {}): {min: number; max: number; interval: number} {
  const rough = (high - low || Math.abs(high) || 1) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= rough * (1 - 1e-9))!;
  const round = (value: number) => Number(value.toPrecision(12));
  return {
    min: round(Math.floor(low / interval + 1e-9) * interval),
    max: round(Math.ceil(high / interval - 1e-9) * interval),
    interval,
  };
}
