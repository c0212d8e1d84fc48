import * as echarts from 'echarts';
import type {EChartsCoreOption} from 'echarts/core';

/** A chart as SVG, with its title and the command that made it. */
export function drawSvg({title, command, chart}: {title: string, command: string, chart: EChartsCoreOption}): string {
  const drawing = echarts.init(null, null, {renderer: 'svg', ssr: true, width: 760, height: 480});
  drawing.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    // Told apart by people who do not see red and green alike (Okabe and Ito).
    color: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'],
    title: {text: title, subtext: command, left: 24, top: 12, textStyle: {fontSize: 16, color: '#111827'}, subtextStyle: {fontSize: 11, color: '#4b5563'}},
    // Room between the names, for fonts that are wider than the one that echarts measures.
    legend: {bottom: 8, itemWidth: 18, itemGap: 20, textStyle: {fontSize: 12}},
    grid: {left: 70, right: 30, top: 94, bottom: 84},
    ...chart,
  } as echarts.EChartsCoreOption);
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg;
}

/** A line through points [x, y]. */
export interface Line {
  name: string;
  points: number[][];
  dashed?: boolean;
}

/** Lines in one chart. */
export function lineChart(lines: readonly Line[], axes: {x: string, y: string, digits?: number}): EChartsCoreOption {
  const digits = axes.digits ?? 3;
  return {
    xAxis: {type: 'value', name: axes.x, nameLocation: 'middle', nameGap: 26, splitLine: {show: false}},
    yAxis: {type: 'value', name: axes.y, scale: true, axisLabel: {formatter: (value: number) => value.toFixed(digits)}},
    series: lines.map(({name, points, dashed}) => ({
      name, type: 'line', data: points, symbolSize: 6, lineStyle: {width: 2, type: dashed ? 'dashed' : 'solid'}, showSymbol: points.length < 30,
    })),
  };
}

/** Bars by category, one series a list. */
export function barChart(categories: readonly string[], series: ReadonlyArray<{name: string, values: number[]}>, y: string): EChartsCoreOption {
  return {
    xAxis: {type: 'category', data: [...categories], axisLabel: {interval: 0, fontSize: 11}},
    yAxis: {type: 'value', name: y, scale: true},
    series: series.map(({name, values}) => ({name, type: 'bar', data: values})),
  };
}
