import {colors} from '../theme';

/** Return the options of an axis in the style of all pictures. */
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

/** Ends and steps of an axis in round numbers, so that low and high lie on it. */
export function roundAxis(low: number, high: number, {steps = 5} = {}): {min: number; max: number; interval: number} {
  const rough = (high - low || Math.abs(high) || 1) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= rough * (1 - 1e-9))!;
  const round = (value: number) => Number(value.toPrecision(12));
  return {
    min: round(Math.floor(low / interval + 1e-9) * interval),
    max: round(Math.ceil(high / interval - 1e-9) * interval),
    interval,
  };
}

/** Room for the labels and the name of an axis. */
const AXIS_ROOM = 52;

/** Where a plot with axes lies, and how high it is with their names. */
export function plot(height: number, options: object = {}): object {
  return {left: 56, right: 18, top: 14, height: height - 14 - AXIS_ROOM, ...options};
}
