import type {EffectMap, RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors} from '../theme';
import {inPixels, write} from './interval_plot';

const [NAMES, LINE, MOST_LINES] = [104, 12, 4];
const SMALL = {fontSize: 11, lineHeight: LINE, overflow: 'break', lineOverflow: 'truncate', fill: colors.muted};

/** Draw the effect of an interaction by its values: predicted rate above the one without it, tinted by the log-odds. */
export function heatMap({inspection: {maps}}: RunRecord, m: number, width: number): Chart {
  const {rows, columns, cells} = maps[m];
  const size = [(width - NAMES) / Math.max(4, columns.length), width > 340 ? 30 : 24];
  const lines = Math.min(MOST_LINES, Math.ceil((7 * Math.max(...columns.map(name => name.length))) / size[0]));
  const top = 6 + LINE * lines;
  const height = top + size[1] * rows.length + 2;
  const most = Math.max(...cells.map(({share}) => Math.abs(share)));
  const x = (column: number) => NAMES + (column + 0.5) * size[0];
  const y = (row: number) => top + (row + 0.5) * size[1];
  const above = {align: 'center', verticalAlign: 'bottom', width: size[0] - 4, height: LINE * lines};
  const beside = {align: 'right', width: NAMES - 14, height: size[1]};
  const texts = [
    ...columns.map((name, c) => write(x(c), top - 3, name, {...SMALL, ...above})),
    ...rows.map((names, r) => write(NAMES - 6, y(r), names.join(', '), {...SMALL, ...beside})),
    ...cells.flatMap(({row, column, predicted, without}) => [
      write(x(column), y(row) - 0.2 * size[1], percent(predicted), {align: 'center', fontSize: 12, fontWeight: 600}),
      write(x(column), y(row) + 0.27 * size[1], percent(without), {...SMALL, align: 'center'}),
    ]),
  ];
  const data = cells.map(({row, column, share}) => ({
    value: [x(column), y(row)],
    itemStyle: {color: share > 0 ? colors.vermilion : colors.blue, opacity: 0.04 + 0.4 * Math.abs(share / most)},
  }));
  return {
    width,
    height,
    tips: [cells.map(cell => tipOf(maps[m], cell))],
    option: {
      ...inPixels(width, height),
      graphic: texts.map(text => ({...text, z: 9})),
      series: [{type: 'scatter', symbol: 'rect', symbolSize: size.map(side => side - 2), data}],
    },
  };
}

const percent = (rate: number) => String(Math.round(100 * rate));

function tipOf({fields, rows, columns}: EffectMap, cell: EffectMap['cells'][number]): string {
  const values = [...rows[cell.row], columns[cell.column]].map((value, k) => `${fields[k]} ${value}`).join(' × ');
  return (
    `${values}: log-odds ${formats.signed(cell.share)}; predicted ${formats.percent(cell.predicted)}, without ` +
    `${formats.percent(cell.without)}, observed ${formats.percent(cell.observed)} of ${formats.count(cell.rows)} rows`
  );
}
