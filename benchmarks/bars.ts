import type {Bar} from '../examples/flights/summary';

/** A bar that a value must reach; what was not measured (NaN, undefined) does not hold. */
export function atLeast(name: string, value: number | undefined, bar: number): Bar {
  return {name: `${name} (at least)`, value: value ?? NaN, bar, holds: value !== undefined && value >= bar};
}

/** A bar that a value must not exceed; what was not measured does not hold. */
export function atMost(name: string, value: number | undefined, bar: number): Bar {
  return {name: `${name} (at most)`, value: value ?? NaN, bar, holds: value !== undefined && value <= bar};
}

/** a / b, or undefined when one of them was not measured. */
export function quotient(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}
