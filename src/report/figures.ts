import {AutofisError} from '../errors';
import type {RunRecord} from '../record/run_record';
import {INTERVAL} from '../statistics';

/** A number or name of the run, with the place that it comes from. */
export interface Figure {
  /** JSON pointer into the run; `length` of a list counts it. */
  readonly path: string;
  readonly value: string | number | boolean | null;
  /** Value as the report prints it. */
  readonly shown: string;
}

/** Formats of numbers; a non-breaking space joins a number and its unit. */
export const formats = {
  count: (value: number) => value.toLocaleString('en-US'),
  auc: (value: number) => value.toFixed(4),
  alpha: (value: number) => value.toFixed(3),
  percent: (value: number) => `${(100 * value).toFixed(1)}\u00a0%`,
  signed: (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`,
  /** A standard error as half of a 95 % interval. */
  interval: (value: number) => `±\u00a0${(INTERVAL * value).toFixed(4)}`,
  bytes: (value: number) =>
    value < 1e6 ? `${(value / 1e3).toFixed(1)}\u00a0kB` : `${(value / 1e6).toFixed(1)}\u00a0MB`,
} as const;

type FigureFormat = keyof typeof formats;

/** Take figures out of a run by their JSON pointer, so that no number of a report comes from elsewhere. */
export function figuresOf(run: RunRecord): (path: string, format?: FigureFormat) => Figure {
  return (path, format) => {
    const value = path
      .split('/')
      .slice(1)
      .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, key) => (at as {[key: string]: unknown} | null | undefined)?.[key], run) as
      Figure['value'] | undefined;
    if (value === undefined)
      throw new AutofisError(`report: the run has no ${path}. The file is damaged, or was changed by hand.`);
    return {path, value, shown: shownAs(value, format)};
  };
}
function shownAs(value: Figure['value'], format?: FigureFormat): string {
  if (value === null) return '–';
  return typeof value === 'number' && format !== undefined ? formats[format](value) : String(value);
}

/** A key as part of a JSON pointer. */
export function pointerKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
