import type {Contestant} from '../contestant';
import type {Row} from '../report';
import {spread} from '../statistics';

/** Median of a contestant's steps, or undefined when it did not run. */
export function medianOf({ms}: Contestant): number | undefined {
  return ms.length > 0 ? spread(ms).median : undefined;
}

/** The versions that contestants reported, by name. */
export function versionsOf(contestants: readonly Contestant[]): Record<string, string> {
  return Object.assign({}, ...contestants.map(({about}) => about)) as Record<string, string>;
}

/** A contestant's row; its ratio is to `base`. */
export function rowOf(
  section: string,
  contestant: Contestant,
  base: number | undefined,
  examples: number,
  note = '',
): Row {
  const median = medianOf(contestant);
  const {
    program: {name},
    failure,
    ms,
  } = contestant;
  if (median === undefined) return {section, name, note: `missing: ${failure ?? 'it ran no step'}`};
  return {
    section,
    name,
    ms: spread(ms),
    examples: (examples / median) * 1e3,
    ...(base === undefined ? {} : {ratio: median / base}),
    note,
  };
}

/** A contestant's peak memory, and its own share of it where that is known. */
export function memoryText({info}: Contestant): string {
  const own = info['ownPeakMB'];
  return `${Math.round(info['peakMB'] ?? NaN)} MB${own == null ? '' : `, its own ${Math.round(own)} MB`}`;
}
