import type {ModelRecord, RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors} from '../theme';
import {roundAxis} from './interval_plot';
import {legend} from './legend';

const STYLES = {
  linear: {color: colors.green, mark: 'ring'},
  before: {color: colors.vermilion, mark: 'ring'},
  after: {color: colors.blue, mark: 'dot'},
} as const;

/** Predicted against observed rate of the compared models, in bins of as many rows each; the diagonal is right. */
export function calibrationPlot(run: RunRecord, room: number): Chart {
  const roles = (['linear', 'before', 'after'] as const).filter(role => run.models.some(model => model.role === role));
  const shown = roles.map(role => run.models.find(model => model.role === role)!);
  const style = roles.map(role => STYLES[role]);
  const most = Math.max(
    ...shown.flatMap(({calibration}) => calibration.flatMap(({predicted, observed}) => [predicted, observed])),
  );
  const {max: end, interval} = roundAxis(0, Math.min(1, 1.02 * most));
  const width = Math.min(room, 480);
  const PLOT = 0.6 * width;
  const key = legend(
    [...shown.map(({name}, i) => ({label: name, ...style[i]})), {label: 'perfect', color: colors.axis, mark: 'dashed'}],
    {width, top: PLOT + 4},
  );
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [
      [],
      ...shown.map(({name, calibration}) =>
        calibration.map(
          ({rows, predicted, observed}) =>
            `${name}: predicted ${formats.percent(predicted)}, observed ${formats.percent(observed)} of ` +
            `${formats.count(rows)} rows`,
        ),
      ),
    ],
    option: {
      // Below the plot lie the labels and the name of its axis.
      grid: {left: 56, right: 18, top: 14, height: PLOT - 66},
      xAxis: axis('predicted rate', {max: end, interval}),
      yAxis: axis('observed rate', {max: end, interval, nameGap: 40}),
      graphic: key.graphic,
      series: [diagonal(end), ...shown.map((model, i) => binSeries(model, style[i]))],
    },
  };
}

/** Where predictions are right. */
function diagonal(end: number): object {
  const points = [0, end].map(rate => [rate, rate]);
  const lineStyle = {color: colors.axis, width: 1.5, type: [5, 4]};
  return {type: 'line', data: points, showSymbol: false, silent: true, clip: false, z: 1, lineStyle};
}

/** A mark for each bin of a model. */
function binSeries({calibration}: ModelRecord, {color, mark}: (typeof STYLES)[keyof typeof STYLES]): object {
  return {
    type: 'scatter',
    data: calibration.map(({predicted, observed}) => [predicted, observed]),
    symbolSize: mark === 'dot' ? 9 : 14,
    itemStyle:
      mark === 'dot'
        ? {color, opacity: 1, borderColor: colors.surface, borderWidth: 1}
        : {color: 'none', opacity: 1, borderColor: color, borderWidth: 2},
  };
}

/** Options of an axis of rates, from 0 on. */
function axis(name: string, options: {max: number; interval: number; nameGap?: number}): object {
  return {
    type: 'value',
    name,
    min: 0,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: {color: colors.muted, fontSize: 13},
    axisLabel: {
      color: colors.muted,
      fontSize: 12,
      hideOverlap: true,
      formatter: (value: number) => `${Math.round(100 * value)}\u00a0%`,
    },
    axisLine: {show: true, lineStyle: {color: colors.axis}},
    axisTick: {show: false},
    splitLine: {lineStyle: {color: colors.grid}},
    ...options,
  };
}
