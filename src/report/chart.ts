import type * as Echarts from 'echarts';
import {AutofisError} from '../errors';
import {colors} from './theme';
import {escapeHtml} from './text';

/** A picture ready to be drawn: an ECharts option whose marks are items of custom series. */
export interface Chart {
  width: number;
  height: number;
  option: Echarts.EChartsCoreOption;
  /** tips[series][item]: the numbers behind a mark, shown where the pointer rests on it; '' for none. */
  tips: ReadonlyArray<readonly string[]>;
}

export type EchartsModule = Pick<typeof Echarts, 'init'>;

/** ECharts, which only reports need. */
export async function loadEcharts(): Promise<EchartsModule> {
  try {
    return await import('echarts');
  } catch (error) {
    throw new AutofisError(
      'report: pictures are drawn by the package echarts, which could not be loaded. ' +
        `Install it: npm install echarts@6. (${(error as Error).message})`,
    );
  }
}

// Without quotation marks, which the renderer does not escape.
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif';

/**
 * Draw a chart as SVG. Each mark has its numbers as <title>, which browsers show without a script. Names inside the
 * picture begin with `id`, so that several fit on one page.
 */
export function drawSvg(
  echarts: EchartsModule,
  id: string,
  {title, description}: {title: string; description: string},
  chart: Chart,
): string {
  const {width, height, option, tips} = chart;
  const instance = echarts.init(null, null, {renderer: 'svg', ssr: true, width, height});
  try {
    instance.setOption({animation: false, textStyle: {fontFamily: FONT}, ...option});
    return (
      instance
        .renderToSVGString()
        .replace(/<style >[\s\S]*?<\/style>\s*/, '')
        // The ground is the page's.
        .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\s*/, '')
        .replace(/ class="[^"]*"/g, '')
        // A page with a Content-Security-Policy applies attributes, but no style that is written into an element.
        .replace(/ style="([^"]*)"/g, (_, style: string) =>
          style.replace(/([\w-]+):([^;]*);?/g, (__, name: string, value: string) => ` ${name}="${value}"`),
        )
        .replace(/ pointer-events="visible"/g, '')
        // A number must not stand between the pointer and its mark.
        .replace(/<text /g, '<text pointer-events="none" ')
        .replace(/zr\d+-c/g, `${id}-c`)
        .replace(
          / ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"([^>]*)>/g,
          (_, s: string, d: string, rest: string) => {
            const tip = tips[Number(s)]?.[Number(d)];
            return tip === undefined || tip === '' ? `${rest}>` : `${rest} data-tip="">\u0000${escapeHtml(tip)}\u0000`;
          },
        )
        .replace(/\u0000([^\u0000]*)\u0000/g, '<title>$1</title>')
        .replace(
          /<svg [^>]*>/,
          `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
            `viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">` +
            `<title id="${id}-title">${escapeHtml(title)}</title>` +
            `<desc id="${id}-desc">${escapeHtml(description)}</desc>`,
        )
    );
  } finally {
    instance.dispose();
  }
}

/** The picture as a file of its own, with a ground and its title. */
export function standalone(svg: string): string {
  return svg.replace('</desc>', `</desc><rect width="100%" height="100%" fill="${colors.surface}"></rect>`);
}

/** What an axis looks like in all pictures. */
export function axis(
  name: string,
  {axisLabel, ...options}: {axisLabel?: object; [option: string]: unknown} = {},
): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: {color: colors.muted, fontSize: 13},
    axisLabel: {color: colors.muted, fontSize: 12, hideOverlap: true, ...axisLabel},
    axisLine: {show: true, lineStyle: {color: colors.axis}},
    axisTick: {show: false},
    splitLine: {lineStyle: {color: colors.grid}},
    ...options,
  };
}

/** An axis of training steps that ends with the last one. */
export function stepAxis(steps: number, ticks: number, options: object = {}): object {
  const {showMaxLabel, ...ends} = roundAxis(0, steps, {steps: ticks, exact: true});
  return axis('step', {...ends, axisLabel: {showMaxLabel}, ...options});
}

/**
 * Ends and steps of an axis in round numbers, so that low and high lie on it. With `exact` it ends at high itself,
 * which is written only where it is a step.
 */
export function roundAxis(
  low: number,
  high: number,
  {steps = 5, exact = false} = {},
): {min: number; max: number; interval: number; showMaxLabel?: boolean} {
  const rough = (high - low || Math.abs(high) || 1) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= rough * (1 - 1e-9))!;
  const round = (value: number) => Number(value.toPrecision(12));
  const max = exact ? high : round(Math.ceil(high / interval - 1e-9) * interval);
  return {
    min: round(Math.floor(low / interval + 1e-9) * interval),
    max,
    interval,
    showMaxLabel: Math.abs(max / interval - Math.round(max / interval)) < 1e-9,
  };
}

/** Where a plot with axes lies, and how high it is with their names. */
export function plot(height: number, options: object = {}): object {
  return {left: 56, right: 18, top: 14, height: height - 14 - AXIS_ROOM, ...options};
}

/** Room for the labels and the name of an axis. */
export const AXIS_ROOM = 52;

export interface LegendItem {
  label: string;
  color: string;
  mark: 'line' | 'dashed' | 'dot' | 'ring' | 'cross';
}

/** A legend in rows from `top` down, as wide as the picture; gives its height, too. */
export function legend(
  items: readonly LegendItem[],
  {width, top, left = 12}: {width: number; top: number; left?: number},
): {graphic: object[]; height: number} {
  const ROW = 22;
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
export function symbol(mark: LegendItem['mark'], x: number, y: number, color: string): object {
  const line = (dash?: number[]) => ({
    type: 'line',
    shape: {x1: x - 11, y1: y, x2: x + 11, y2: y},
    style: {stroke: color, lineWidth: 2.5, lineDash: dash},
    silent: true,
  });
  if (mark === 'line') return line();
  if (mark === 'dashed') return line([5, 4]);
  if (mark === 'cross') return {...cross(x, y, color), silent: true};
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

/** A cross in one stroke. */
export function cross(x: number, y: number, color: string, opacity = 1): object {
  return {
    type: 'polyline',
    style: {stroke: color, lineWidth: 1.8, fill: 'none', opacity},
    shape: {
      points: [
        [-4, -4],
        [4, 4],
        [0, 0],
        [4, -4],
        [-4, 4],
      ].map(([dx, dy]) => [x + dx, y + dy]),
    },
  };
}
