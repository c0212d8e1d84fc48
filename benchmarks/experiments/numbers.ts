import {deviation, mean} from '../internals';

/** ".9512 +- .0006 (3)": mean, standard deviation and number of runs. */
export function meanSd(values: readonly number[], digits = 4): string {
  if (values.length === 0) return '-';
  const spread = values.length > 1 ? ` ± ${short(deviation(values), digits)}` : '';
  return `${short(mean(values), digits)}${spread} (${values.length})`;
}

/** A number below 1 without its leading zero. */
export function short(value: number, digits = 4): string {
  return value.toFixed(digits).replace(/^(-?)0\./, '$1.');
}

/** The same with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${short(value)}`;
}

/** "13-22" or "13". */
export function range(values: readonly number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? `${low}` : `${low}-${high}`;
}
