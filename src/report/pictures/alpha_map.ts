import type {InteractionRecord, Run} from '../../run/run';
import {Chart} from '../chart';
import {formats} from '../text';
import {colors, scaleColor, SCALE_STEPS} from '../theme';

const FONT_SIZE = 13;
/** A cell narrower than this has no room for its number. */
const ROOM_FOR_NUMBER = 30;

/** Fields x fields: the alpha of each pair of a gate as colour and number; closed pairs are empty. */
export function alphaMap(run: Run, gate: number, width: number): Chart {
  const {fields} = run.search.alpha.gates[gate];
  const own = run.interactions.map((record, i) => ({record, i})).filter(({record}) => record.gate === gate);
  const columns = fields.length - 1, narrow = width < 500;
  const left = 14 + 7.2 * Math.max(...fields.slice(1).map(name => Math.min(name.length, narrow ? 11 : 24)));
  const cell = Math.min(88, Math.max(24, (width - left - 12) / columns));
  const height = Math.min(cell, 44), slanted = cell < 7.5 * Math.max(...fields.slice(0, -1).map(name => name.length));
  const above = slanted ? 20 + 5.2 * Math.max(...fields.slice(0, -1).map(name => name.length)) : 30;
  const total = Math.max(width, left + columns * cell + 12 + (slanted ? 30 : 0)), scaleTop = above + columns * height + 26;
  const largest = Math.max(...own.map(({record}) => Math.abs(record.alpha)), 1e-9);
  const text = (x: number, y: number, label: string, style: object = {}) => ({
    type: 'text', x, y, silent: true, style: {text: label, fill: colors.ink, fontSize: FONT_SIZE, verticalAlign: 'middle', align: 'center', ...style},
  });
  return {
    width: Math.ceil(total), height: scaleTop + 52,
    tips: [own.map(({record}) => tipOf(record))],
    option: {
      xAxis: {show: false, min: 0, max: 1}, yAxis: {show: false, min: 0, max: 1}, grid: {left: 0, right: 0, top: 0, bottom: 0},
      graphic: [
        ...fields.slice(1).map((name, j) => text(left - 8, above + (j + 0.5) * height, shortened(name, narrow ? 11 : 24), {align: 'right'})),
        ...fields.slice(0, -1).map((name, i) => slanted ?
          {...text(left + (i + 0.5) * cell, above - 8, name, {align: 'left'}), rotation: Math.PI / 4} :
          text(left + (i + 0.5) * cell, above - 14, name)),
        ...scaleLegend(left, scaleTop, Math.min(260, width - left - 24), largest, text),
      ],
      series: [{
        type: 'custom', data: own.map(() => [0, 0]),
        renderItem: ({dataIndex}: {dataIndex: number}) => {
          const {record: {interaction: [i, j], alpha}} = own[dataIndex];
          const x = left + i * cell, y = above + (j - 1) * height, share = alpha / largest;
          const box = {type: 'rect', shape: {x: x + 1.5, y: y + 1.5, width: cell - 3, height: height - 3, r: 3},
            style: {fill: alpha === 0 ? colors.closed : scaleColor(share)}};
          if (alpha === 0 || cell < ROOM_FOR_NUMBER) return box;
          return {type: 'group', children: [box, text(x + cell / 2, y + height / 2, alpha.toFixed(2), {
            fill: Math.abs(share) > 0.6 ? colors.onStrong : colors.onWeak, fontSize: cell < 46 ? 11 : FONT_SIZE})]};
        },
      }],
    },
  };
}

/** What the pointer shows on an interaction. */
export function tipOf({fields, alpha, kept, closedAt, auc}: InteractionRecord): string {
  const state = closedAt !== null ? `closed after step ${formats.count(closedAt)}` : `alpha ${formats.alpha(alpha)}${kept ? '' : ', not kept'}`;
  return `${fields.join(' × ')}: ${state}${auc === null ? '' : `; AUC alone ${formats.auc(auc)}`}`;
}

/** The scale of colours with its ends. */
function scaleLegend(
    left: number, top: number, width: number, largest: number,
    text: (x: number, y: number, label: string, style?: object) => object): object[] {
  const steps = 2 * SCALE_STEPS + 1;
  return [
    ...Array.from({length: steps}, (_, s) => ({
      type: 'rect', silent: true, shape: {x: left + s * width / steps, y: top, width: width / steps + 0.5, height: 10},
      style: {fill: scaleColor(s / SCALE_STEPS - 1)},
    })),
    text(left, top + 24, (-largest).toFixed(2), {align: 'left', fill: colors.muted}),
    text(left + width / 2, top + 24, 'alpha', {fill: colors.muted}),
    text(left + width, top + 24, largest.toFixed(2), {align: 'right', fill: colors.muted}),
  ];
}

/** A name that fits; the whole one is in the table. */
export function shortened(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
