import type * as Echarts from 'echarts';
import {AutofisError} from '../errors';
import {visible} from '../visible';
import {colors} from './theme';
import {escapeHtml} from './text';

/** A picture ready to be drawn: an ECharts option whose marks are items of series. */
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

/** The font of pictures, without quotation marks, which the renderer does not escape. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif';

/** Invisible, and taken out of every picture. */
const JOINER = '\u2060';

/**
 * A text that ECharts can draw. It keeps the widths of texts in a plain object: the text "__proto__" would change
 * Object.prototype, and so everything that is drawn after it.
 */
export function drawable(text: string): string {
  return text in Object.prototype ? `${text}${JOINER}` : text;
}

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
      visible(instance.renderToSVGString())
        .replace(/<style >[\s\S]*?<\/style>\s*/, '')
        // The ground is the page's.
        .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\s*/, '')
        .replaceAll(JOINER, '')
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
            const tip = tips[Number(s)]?.[Number(d)] ?? '';
            return tip === '' ? `${rest}>` : `${rest} data-tip=""><title>${escapeHtml(tip)}</title>`;
          },
        )
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
