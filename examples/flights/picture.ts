import * as echarts from 'echarts';
import type {Selection} from 'tfjs-autofis';

export interface Picture {
  title: string;
  subtitle: string;
  fields: string[];
  selection: Selection;
}

/** A heat map of alpha, fields x fields: colour and number for open gates, an empty cell for closed ones. */
export function alphaHeatMap({title, subtitle, fields, selection}: Picture): string {
  const largest = Math.max(...selection.map(s => Math.abs(s.alpha)));
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: 760, height: 600});
  const pairs = fields.flatMap((_, i) => fields.slice(i + 1).map((__, k) => [i, i + 1 + k]));
  const alphaOf = new Map(selection.map(s => [s.interaction.join(), s.alpha]));
  const cell = ([i, j]: number[], value: number | null) => value === null ?
    {value: [i, j, 0], itemStyle: {color: '#f3f4f6'}, label: {show: false}} :
    {value: [i, j, value], label: {color: Math.abs(value) > 0.55 * largest ? '#fff' : '#1f2937'}};
  chart.setOption({
    animation: false,
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    backgroundColor: '#ffffff',
    title: {text: title, subtext: subtitle, left: 24, top: 16, textStyle: {fontSize: 18, color: '#111827'}, subtextStyle: {fontSize: 13, color: '#4b5563'}},
    grid: {left: 110, right: 30, top: 90, bottom: 95},
    xAxis: {type: 'category', data: fields.slice(0, -1), axisTick: {show: false}, axisLine: {show: false}, axisLabel: {fontSize: 13, color: '#111827', interval: 0}},
    yAxis: {type: 'category', data: fields, inverse: true, min: 1, axisTick: {show: false}, axisLine: {show: false}, axisLabel: {fontSize: 13, color: '#111827'}},
    visualMap: {
      min: -largest, max: largest, calculable: false, orient: 'horizontal', left: 'center', bottom: 24, precision: 2,
      itemWidth: 14, itemHeight: 220, text: ['alpha > 0', 'alpha < 0'],
      // Blue to red through near-white: told apart by people who do not see red and green alike.
      inRange: {color: ['#2166ac', '#92c5de', '#f7f4ef', '#f4a582', '#b2182b']},
    },
    series: [{
      type: 'heatmap',
      data: pairs.map(pair => cell(pair, alphaOf.get(pair.join()) ?? null)),
      label: {show: true, fontSize: 13, formatter: (p: {value: number[]}) => p.value[2].toFixed(2)},
      itemStyle: {borderColor: '#ffffff', borderWidth: 3},
    }],
  } as echarts.EChartsCoreOption);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** The picture as a page that any browser opens. */
export function asPage(title: string, svg: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>body { margin: 0; background: #fff; display: grid; justify-items: center } svg { max-width: 100%; height: auto }</style></head>
<body>${svg}</body>
</html>
`;
}
