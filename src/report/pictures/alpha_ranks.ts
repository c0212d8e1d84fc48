import type {InteractionRecord, RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors, scaleColor} from '../theme';
import {shortened, tipOf} from './interaction_labels';

/** Bars that the picture has at most; the page's table has more. */
export const MOST_BARS = 30;
const ROW = 26;

/** Where the bars stand: beside their names, or on a narrow picture below them. */
interface Layout {
  narrow: boolean;
  left: number;
  row: number;
  /** Length of the bar of an alpha. */
  length(alpha: number): number;
}

/** The interactions of a gate by |alpha|, the largest first: bars with names and numbers. */
export function alphaRanks(run: RunRecord, gate: number, width: number): Chart {
  const own = run.interactions
    .filter(record => record.gate === gate && record.alpha !== 0)
    .sort((a, b) => Math.abs(b.alpha) - Math.abs(a.alpha))
    .slice(0, MOST_BARS);
  const narrow = width < 500;
  const largest = Math.max(...own.map(({alpha}) => Math.abs(alpha)), 1e-9);
  const names = own.map(({fields}) => shortened(fields.join(' × '), narrow ? 26 : 44));
  const left = narrow ? 12 : 16 + 7 * Math.max(0, ...names.map(name => name.length));
  const room = width - left - 62;
  const layout: Layout = {
    narrow,
    left,
    row: narrow ? 2 * ROW - 8 : ROW,
    length: alpha => (room * Math.abs(alpha)) / largest,
  };
  return {
    width,
    height: Math.max(1, own.length) * layout.row + 12,
    tips: [own.map(tipOf)],
    option: {
      xAxis: {show: false, min: 0, max: 1},
      yAxis: {show: false, min: 0, max: 1},
      grid: {left: 0, right: 0, top: 0, bottom: 0},
      graphic: own.flatMap(({alpha}, i) => labels(names[i], alpha, i, layout)),
      series: [barSeries(own, layout)],
    },
  };
}

/** The name and the number of the i-th bar. */
function labels(name: string, alpha: number, i: number, {narrow, left, row, length}: Layout): object[] {
  const y = 6 + i * row;
  const bar = y + (narrow ? 31 : ROW / 2);
  const style = {fill: colors.ink, fontSize: 13, verticalAlign: 'middle'};
  return [
    {
      type: 'text',
      silent: true,
      x: narrow ? left : left - 10,
      y: narrow ? y + 11 : bar,
      style: {...style, text: name, align: narrow ? 'left' : 'right'},
    },
    {
      type: 'text',
      silent: true,
      x: left + length(alpha) + 8,
      y: bar,
      style: {...style, text: formats.alpha(alpha), fill: colors.muted},
    },
  ];
}

function barSeries(own: readonly InteractionRecord[], {narrow, left, row, length}: Layout): object {
  return {
    type: 'custom',
    data: own.map(() => [0, 0]),
    renderItem: ({dataIndex: i}: {dataIndex: number}) => ({
      type: 'rect',
      style: {fill: scaleColor(own[i].alpha < 0 ? -0.9 : 0.9)},
      shape: {x: left, y: 6 + i * row + (narrow ? 23 : 5), width: length(own[i].alpha), height: 16, r: 2},
    }),
  };
}
