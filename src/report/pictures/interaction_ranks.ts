import type {RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors, scaleColor} from '../theme';
import {shortened, tipsOf} from './interaction_labels';
import type {ShownGate} from './shown_gates';

/** Bars that the picture has at most; the page's table has more. */
export const MOST_BARS = 30;
const ROW = 26;

/** Where the bars stand: beside their names, or on a narrow picture below them. */
interface Layout {
  narrow: boolean;
  left: number;
  row: number;
  /** Length of the bar of a gain. */
  length(gain: number): number;
}

/** Draw the open interactions of a gate, the strongest first: bars of gain with names and numbers. */
export function interactionRanks(run: RunRecord, {interactions}: ShownGate, width: number): Chart {
  const ranked = interactions
    .filter(i => run.interactions[i].alpha !== 0)
    .sort((a, b) => run.interactions[b].evidence.gain - run.interactions[a].evidence.gain)
    .slice(0, MOST_BARS);
  const gains = ranked.map(i => run.interactions[i].evidence.gain);
  const narrow = width < 500;
  const largest = Math.max(...gains.map(Math.abs), 1e-9);
  const names = ranked.map(i => shortened(run.interactions[i].fields.join(' × '), narrow ? 26 : 44));
  const left = narrow ? 12 : 16 + 7 * Math.max(0, ...names.map(name => name.length));
  const room = width - left - 68;
  const layout: Layout = {
    narrow,
    left,
    row: narrow ? 2 * ROW - 8 : ROW,
    length: gain => (room * Math.abs(gain)) / largest,
  };
  const tips = tipsOf(run);
  return {
    width,
    height: Math.max(1, ranked.length) * layout.row + 12,
    tips: [ranked.map(i => tips[i])],
    option: {
      xAxis: {show: false, min: 0, max: 1},
      yAxis: {show: false, min: 0, max: 1},
      grid: {left: 0, right: 0, top: 0, bottom: 0},
      graphic: gains.flatMap((gain, k) =>
        labels({name: names[k], number: formats.signed(gain), end: layout.length(gain)}, k, layout),
      ),
      series: [barSeries(gains, layout)],
    },
  };
}

/** The name and the number of the i-th bar. */
function labels(
  {name, number, end}: {name: string; number: string; end: number},
  i: number,
  {narrow, left, row}: Layout,
): object[] {
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
      x: left + end + 8,
      y: bar,
      style: {...style, text: number, fill: colors.muted},
    },
  ];
}

function barSeries(gains: readonly number[], {narrow, left, row, length}: Layout): object {
  return {
    type: 'custom',
    data: gains.map(() => [0, 0]),
    renderItem: ({dataIndex: i}: {dataIndex: number}) => ({
      type: 'rect',
      style: {fill: scaleColor(gains[i] < 0 ? -0.9 : 0.9)},
      shape: {x: left, y: 6 + i * row + (narrow ? 23 : 5), width: length(gains[i]), height: 16, r: 2},
    }),
  };
}
