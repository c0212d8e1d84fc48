import {FONT} from '../chart';
import {colors} from '../theme';

/** One entry of a legend. */
export interface LegendItem {
  label: string;
  color: string;
  mark: 'dashed' | 'dot' | 'ring';
}

/** A legend in rows from `top` down, as wide as the picture; gives its height, too. */
export function legend(
  items: readonly LegendItem[],
  {width, top}: {width: number; top: number},
): {graphic: object[]; height: number} {
  const [ROW, left] = [22, 12];
  const room = (label: string) => 44 + 7.2 * label.length;
  let x = left;
  let y = top + ROW / 2;
  const graphic = items.flatMap(({label, color, mark}) => {
    if (x > left && x + room(label) > width) {
      x = left;
      y += ROW;
    }
    const at = x;
    x += room(label);
    return [
      symbol(mark, at + 11, y, color),
      {
        type: 'text',
        x: at + 28,
        y,
        silent: true,
        style: {text: label, fill: colors.ink, fontSize: 13, fontFamily: FONT, verticalAlign: 'middle'},
      },
    ];
  });
  return {graphic, height: items.length === 0 ? 0 : y + ROW / 2 - top};
}

/** The mark of a legend, or of a point in a picture. */
function symbol(mark: LegendItem['mark'], x: number, y: number, color: string): object {
  if (mark === 'dashed') {
    const style = {stroke: color, lineWidth: 2.5, lineDash: [5, 4]};
    return {type: 'line', shape: {x1: x - 11, y1: y, x2: x + 11, y2: y}, style, silent: true};
  }
  return {
    type: 'circle',
    shape: {cx: x, cy: y, r: 5},
    silent: true,
    style:
      mark === 'dot'
        ? {fill: color, stroke: colors.surface, lineWidth: 1}
        : {fill: colors.surface, stroke: color, lineWidth: 2},
  };
}
