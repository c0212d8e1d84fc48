import type {RunRecord} from '../../record/run_record';
import {measureOf, strengthOf} from '../../record/strength';
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
  /** Length of the bar of a measure. */
  length(measure: number): number;
}

/** Draw the open interactions of a gate, the strongest first: bars of gain or alpha with names and numbers. */
export function interactionRanks(run: RunRecord, {interactions}: ShownGate, width: number): Chart {
  const ranked = interactions
    .filter(i => run.interactions[i].alpha !== 0)
    .sort((a, b) => strengthOf(run.interactions[b]) - strengthOf(run.interactions[a]))
    .slice(0, MOST_BARS);
  const measures = ranked.map(i => measureOf(run.interactions[i]));
  const narrow = width < 500;
  const largest = Math.max(...measures.map(Math.abs), 1e-9);
  const names = ranked.map(i => shortened(run.interactions[i].fields.join(' × '), narrow ? 26 : 44));
  const left = narrow ? 12 : 16 + 7 * Math.max(0, ...names.map(name => name.length));
  const room = width - left - 68;
  const layout: Layout = {
    narrow,
    left,
    row: narrow ? 2 * ROW - 8 : ROW,
    length: measure => (room * Math.abs(measure)) / largest,
  };
  const format = run.selectedBy.type === 'search' ? formats.alpha : formats.signed;
  const tips = tipsOf(run);
  return {
    width,
    height: Math.max(1, ranked.length) * layout.row + 12,
    tips: [ranked.map(i => tips[i])],
    option: {
      xAxis: {show: false, min: 0, max: 1},
      yAxis: {show: false, min: 0, max: 1},
      grid: {left: 0, right: 0, top: 0, bottom: 0},
      graphic: measures.flatMap((measure, k) =>
        labels({name: names[k], number: format(measure), end: layout.length(measure)}, k, layout),
      ),
      series: [barSeries(measures, layout)],
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

function barSeries(measures: readonly number[], {narrow, left, row, length}: Layout): object {
  return {
    type: 'custom',
    data: measures.map(() => [0, 0]),
    renderItem: ({dataIndex: i}: {dataIndex: number}) => ({
      type: 'rect',
      style: {fill: scaleColor(measures[i] < 0 ? -0.9 : 0.9)},
      shape: {x: left, y: 6 + i * row + (narrow ? 23 : 5), width: length(measures[i]), height: 16, r: 2},
    }),
  };
}
