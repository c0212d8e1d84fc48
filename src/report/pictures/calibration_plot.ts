import type {ModelRecord, RunRecord} from '../../record/run_record';
import type {Chart} from '../chart';
import {formats} from '../figures';
import {colors} from '../theme';
import {axis, plot, roundAxis} from './axes';
import {legend} from './legend';
import {Coordinates, polyline} from './marks';

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
  const PLOT = width - 20;
  const key = legend(
    [...shown.map(({name}, i) => ({label: name, ...style[i]})), {label: 'perfect', color: colors.axis, mark: 'dashed'}],
    {width, top: PLOT + 4},
  );
  return {
    width,
    height: PLOT + 4 + key.height,
    tips: [
      [''],
      ...shown.map(({name, calibration}) =>
        calibration.map(
          ({rows, predicted, observed}) =>
            `${name}: predicted ${formats.percent(predicted)}, observed ${formats.percent(observed)} of ` +
            `${formats.count(rows)} rows`,
        ),
      ),
    ],
    option: {
      grid: plot(PLOT),
      xAxis: axis('predicted rate', {min: 0, max: end, interval, axisLabel: {formatter: percent}}),
      yAxis: axis('observed rate', {min: 0, max: end, interval, nameGap: 40, axisLabel: {formatter: percent}}),
      graphic: key.graphic,
      series: [diagonal(end), ...shown.map((model, i) => binSeries(model, style[i]))],
    },
  };
}

/** Where predictions are right. */
function diagonal(end: number): object {
  return {
    type: 'custom',
    data: [[0, 0]],
    renderItem: (_: unknown, api: Coordinates) => ({
      ...polyline([api.coord([0, 0]), api.coord([end, end])], {
        stroke: colors.axis,
        lineWidth: 1.5,
        lineDash: [5, 4],
      }),
      silent: true,
    }),
  };
}

/** A mark for each bin of a model. */
function binSeries({calibration}: ModelRecord, {color, mark}: (typeof STYLES)[keyof typeof STYLES]): object {
  return {
    type: 'custom',
    data: calibration.map(({predicted, observed}) => [predicted, observed]),
    renderItem: (_: unknown, api: Coordinates) => {
      const [cx, cy] = api.coord([api.value(0), api.value(1)]);
      return {
        type: 'circle',
        shape: {cx, cy, r: mark === 'dot' ? 4.5 : 7},
        style:
          mark === 'dot'
            ? {fill: color, stroke: colors.surface, lineWidth: 1}
            : {fill: 'none', stroke: color, lineWidth: 2},
      };
    },
  };
}

function percent(value: number): string {
  return `${Math.round(100 * value)}\u00a0%`;
}
