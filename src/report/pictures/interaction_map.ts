import type {InteractionRecord, RunRecord} from '../../record/run_record';
import {type Chart, drawable} from '../chart';
import {colors, scaleColor, SCALE_STEPS} from '../theme';
import {shortened, tipsOf} from './interaction_labels';
import type {ShownGate} from './shown_gates';

const FONT_SIZE = 13;
const SMALL = 12;
/** A cell narrower than this has no room for its gain. */
const ROOM = 36;
/** Cells whose columns are named on the diagonal are not narrower than this; nor rows lower. */
const LEAST_CELL = 14;
/** Nor any others; a picture that they make too wide scrolls. */
const LEAST_WIDTH = 9;
const MARGIN = 12;

/** Where the names and cells of a map stand. */
interface Layout {
  names: string[];
  /** True where column names stand upright above the columns, not on the diagonal. */
  upright: boolean;
  /** Width and height of a cell. */
  cell: number;
  height: number;
  /** The left edge of the first cell, and the middle of the row above it. */
  left: number;
  top: number;
  /** Where upright names end. */
  namesEnd: number;
  scaleTop: number;
  width: number;
}

/** Write a text, by default in the middle of its place. */
type Write = (x: number, y: number, label: string, style?: object) => object;

/**
 * Draw fields x fields: the gain of each pair on held-out rows, as colour and number. Names stand at the left and on
 * the diagonal, or upright above the columns where these are narrow.
 */
export function interactionMap(run: RunRecord, {fields, positions, interactions}: ShownGate, width: number): Chart {
  const layout = layoutOf(fields, width);
  const {left, scaleTop} = layout;
  const places = new Map(positions.map((position, place) => [position, place]));
  const drawn = interactions.filter(i => run.interactions[i].interaction.every(field => places.has(field)));
  const records = drawn.map(i => run.interactions[i]);
  const gains = records.map(({evidence}) => evidence.gain);
  const largest = Math.max(...records.map((record, k) => (record.kept ? Math.abs(gains[k]) : 0)), 1e-9);
  const write = writer(layout.cell < 18 ? SMALL : FONT_SIZE);
  const tips = tipsOf(run);
  return {
    width: Math.ceil(layout.width),
    height: scaleTop + 58,
    tips: [drawn.map(i => tips[i])],
    option: {
      xAxis: {show: false, min: 0, max: 1},
      yAxis: {show: false, min: 0, max: 1},
      grid: {left: 0, right: 0, top: 0, bottom: 0},
      graphic: [
        ...fieldNames(layout, write),
        ...scaleLegend(
          {left, top: scaleTop, width: Math.min(260, width - left - 24)},
          {largest, signed: gains.some(gain => gain < 0)},
          write,
        ),
      ],
      series: [
        {
          type: 'custom',
          data: drawn.map(() => [0, 0]),
          renderItem: ({dataIndex}: {dataIndex: number}) =>
            cellOf(records[dataIndex], places, {largest, layout, write}),
        },
      ],
    },
  };
}

function layoutOf(fields: readonly string[], width: number): Layout {
  const columns = fields.length - 1;
  const names = fields.map(name => shortened(name, mostLetters(width, fields.length)));
  const room = names.map(name => 8 + 7.2 * name.length);
  const left = 6 + Math.max(...room.slice(1));
  // The name of column i starts above its first cell and runs to the right.
  const free = width - MARGIN - left;
  const fitting = Math.min(free / columns, ...names.slice(1, -1).map((_, i) => (free - room[i + 1]) / (i + 1)));
  const upright = width < 500 && fitting < LEAST_CELL;
  const cell = upright
    ? Math.max(LEAST_WIDTH, free / columns)
    : Math.min(88, Math.max(LEAST_CELL, Math.floor(fitting)));
  const height = upright ? LEAST_CELL : Math.min(cell, 44);
  const above = upright ? Math.max(...room.slice(0, -1)) : 0;
  const top = 8 + above + height / 2 - (upright ? height : 0);
  return {
    names,
    upright,
    cell,
    height,
    left,
    top,
    namesEnd: 8 + above - 4,
    scaleTop: top + columns * height + height / 2 + 18,
    width: Math.max(
      width,
      ...names.slice(0, -1).map((_, i) => left + i * cell + Math.max(upright ? 0 : room[i], cell) + MARGIN),
    ),
  };
}

function writer(fontSize: number): Write {
  return (x, y, label, style = {}) => ({
    type: 'text',
    x,
    y,
    silent: true,
    style: {text: drawable(label), fill: colors.ink, fontSize, verticalAlign: 'middle', align: 'center', ...style},
  });
}

/** The names of rows, and of columns on the diagonal or upright. */
function fieldNames({names, upright, left, top, cell, height, namesEnd}: Layout, write: Write): object[] {
  return [
    ...names.slice(1).map((name, j) => write(left - 6, top + (j + 1) * height, name, {align: 'right'})),
    ...names.slice(0, -1).map((name, i) =>
      upright
        ? {
            ...write(left + (i + 0.5) * cell, namesEnd, name, {align: 'left', fontSize: SMALL - 1}),
            rotation: Math.PI / 2,
          }
        : write(left + i * cell + 4, top + i * height, name, {align: 'left', fontWeight: 600}),
    ),
  ];
}

/** The cell of an interaction: its colour, and its number where there is room. */
function cellOf(
  record: InteractionRecord,
  places: ReadonlyMap<number, number>,
  {largest, layout: {left, top, cell, height}, write}: {largest: number; layout: Layout; write: Write},
): object {
  const {
    interaction,
    kept,
    evidence: {gain},
  } = record;
  const [i, j] = interaction.map(field => places.get(field)!);
  const x = left + i * cell;
  const y = top + (j - 0.5) * height;
  const share = gain / largest;
  const gap = cell < 24 ? 1 : 1.5;
  const box = {
    type: 'rect',
    shape: {x: x + gap, y: y + gap, width: cell - 2 * gap, height: height - 2 * gap, r: 3},
    style: {fill: kept ? scaleColor(share) : colors.closed},
  };
  if ((!kept && gain === 0) || cell < ROOM) return box;
  const number = write(x + cell / 2, y + height / 2, shortNumber(gain), {
    fill: numberColor(share, kept),
    fontSize: cell < 46 ? 11 : FONT_SIZE,
  });
  return {type: 'group', children: [box, number]};
}

/** A number in few letters: ".0123". */
function shortNumber(value: number): string {
  return value
    .toFixed(4)
    .replace(/^-(?=[0.]*$)/, '')
    .replace(/^(-?)0\./, '$1.');
}

/** Return the maximum number of letters of a name that fit. */
function mostLetters(width: number, fields: number): number {
  if (width < 500) return 11;
  return fields > 20 ? 16 : 24;
}

/** Numbers contrast with their cell; those of pairs that are not kept are pale. */
function numberColor(share: number, shown: boolean): string {
  if (!shown) return colors.muted;
  return Math.abs(share) > 0.6 ? colors.onStrong : colors.onWeak;
}

/** The scale of colours with its ends: from 0 where no gain is negative. */
function scaleLegend(
  {left, top, width}: {left: number; top: number; width: number},
  {largest, signed}: {largest: number; signed: boolean},
  write: Write,
): object[] {
  const first = signed ? -SCALE_STEPS : 0;
  const steps = SCALE_STEPS - first + 1;
  return [
    ...Array.from({length: steps}, (_, s) => ({
      type: 'rect',
      silent: true,
      shape: {x: left + (s * width) / steps, y: top, width: width / steps + 0.5, height: 10},
      style: {fill: scaleColor((first + s) / SCALE_STEPS)},
    })),
    write(left, top + 24, (signed ? -largest : 0).toFixed(4), {align: 'left', fill: colors.muted}),
    write(left + width / 2, top + 24, 'gain in logloss', {fill: colors.muted}),
    write(left + width, top + 24, largest.toFixed(4), {align: 'right', fill: colors.muted}),
    {
      type: 'rect',
      silent: true,
      shape: {x: left, y: top + 39, width: 14, height: 12, r: 2},
      style: {fill: colors.closed, stroke: colors.axis, lineWidth: 0.5},
    },
    write(left + 22, top + 46, 'not kept', {align: 'left', fill: colors.muted}),
  ];
}
