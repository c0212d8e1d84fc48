import * as echarts from 'echarts';
import type {EChartsCoreOption} from 'echarts/core';
import {mean} from '../internals';

/** A chart as SVG, with its title and the command that made it. */
export function drawSvg({title, command, chart}: {title: string; command: string; chart: EChartsCoreOption}): string {
  const drawing = echarts.init(null, null, {renderer: 'svg', ssr: true, width: 760, height: 480});
  drawing.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    // Told apart by people who do not see red and green alike (Okabe and Ito).
    color: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c8c8c'],
    title: {
      text: title,
      subtext: command,
      left: 24,
      top: 12,
      textStyle: {fontSize: 16, color: '#111827'},
      subtextStyle: {fontSize: 11, color: '#4b5563'},
    },
    // Room behind each name, for fonts that are wider than the one that echarts measures, and for two lines of names.
    legend: {
      bottom: 8,
      width: 700,
      itemWidth: 24,
      itemGap: 8,
      textStyle: {fontSize: 12},
      formatter: (name: string) => name + '\u00a0\u00a0',
    },
    grid: {left: 70, right: 30, top: 94, bottom: 104},
    ...chart,
  } as echarts.EChartsCoreOption);
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  // ECharts counts charts and classes of the process; a file must not depend on the charts before it.
  const counted = /zr\d+-c\w*-?\d+/g;
  const names = [...new Set(svg.match(counted))];
  return svg.replace(counted, name => `c${names.indexOf(name)}`);
}

/** A line through points [x, y]. */
export interface Line {
  name: string;
  points: number[][];
  dashed?: boolean;
}

/** Lines in one chart. */
export function lineChart(lines: readonly Line[], axes: {x: string; y: string; digits?: number}): EChartsCoreOption {
  const digits = axes.digits ?? 3;
  return {
    xAxis: {type: 'value', name: axes.x, nameLocation: 'middle', nameGap: 26, splitLine: {show: false}},
    yAxis: {type: 'value', name: axes.y, scale: true, axisLabel: {formatter: (value: number) => value.toFixed(digits)}},
    series: lines.map(({name, points, dashed}) => ({
      name,
      type: 'line',
      data: points,
      symbolSize: 6,
      lineStyle: {width: 2, type: dashed ? 'dashed' : 'solid'},
      showSymbol: points.length < 30,
    })),
  };
}

/**
 * Every run a dot and their mean a stroke, in one line for each category, from top to bottom; `values` are by category.
 */
export function runChart(
  categories: readonly string[],
  series: ReadonlyArray<{name: string; values: ReadonlyArray<readonly number[]>}>,
  x: string,
): EChartsCoreOption {
  const all = series.flatMap(({values}) => values.flat());
  // Enough to tell the axis' marks apart, which are a fifth to a tenth of its length.
  const digits = Math.min(6, Math.ceil(-Math.log10((Math.max(...all) - Math.min(...all)) / 5)));
  const marks = (values: ReadonlyArray<readonly number[]>) =>
    values.flatMap((runs, line) => runs.map(run => [run, line]));
  return {
    grid: {left: 36, right: 44, top: 76, bottom: 60, containLabel: true},
    xAxis: {
      type: 'value',
      name: `${x}: each run, and the mean`,
      nameLocation: 'middle',
      nameGap: 26,
      scale: true,
      axisLabel: {formatter: (value: number) => value.toFixed(digits)},
    },
    yAxis: {
      type: 'category',
      data: [...categories],
      inverse: true,
      axisLabel: {interval: 0, fontSize: 11},
      axisTick: {show: false},
      splitLine: {show: true},
    },
    // Series of one name share a colour and a place in the legend.
    series: series.flatMap(({name, values}) => [
      {name, type: 'scatter', symbolSize: 7, itemStyle: {opacity: 0.5}, data: marks(values)},
      {
        name,
        type: 'scatter',
        symbol: 'rect',
        symbolSize: [3, 15],
        data: marks(values.map(runs => (runs.length === 0 ? [] : [mean(runs)]))),
      },
    ]),
  };
}

/** Bars by category, one series a list. */
export function barChart(
  categories: readonly string[],
  series: ReadonlyArray<{name: string; values: number[]}>,
  y: string,
): EChartsCoreOption {
  return {
    xAxis: {type: 'category', data: [...categories], axisLabel: {interval: 0, fontSize: 11}},
    yAxis: {type: 'value', name: y, scale: true},
    series: series.map(({name, values}) => ({name, type: 'bar', data: values})),
  };
}
