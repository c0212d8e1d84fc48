import type {EChartsCoreOption} from 'echarts/core';
import type {DataName} from './data';
import type {Entry} from './journal';
import type {Lab} from './lab';

/** One run of an experiment. */
export interface Job {
  /** Its name among the experiment's jobs; a finished one is not run again. */
  key: string;
  data: DataName | 'synthetic';
  seed: number;
  run(lab: Lab): Promise<unknown>;
}

export interface PlanOptions {
  data: DataName[];
  seeds: number[];
}

/** A piece of the report. */
export type Section =
  | {kind: 'text'; text: string}
  | {kind: 'table'; title: string; head: string[]; rows: string[][]}
  | {kind: 'figure'; name: string; title: string; chart: EChartsCoreOption};

/** An experiment: what is run, and what is made of the results. */
export interface Plan {
  name: string;
  title: string;
  /** What it asks, in one sentence. */
  question: string;
  /** How it asks, and how to read its tables. */
  about: string;
  defaults: PlanOptions;
  jobs(options: PlanOptions): Job[];
  /** Made from all finished runs, and from nothing else. */
  report(entries: readonly Entry[]): Section[];
}

/** The finished runs of one data set. */
export function entriesOf(entries: readonly Entry[], data: string): Entry[] {
  return entries.filter(entry => entry.data === data);
}

/** Data sets in the order of their first run. */
export function dataOf(entries: readonly Entry[]): string[] {
  return [...new Set(entries.map(entry => entry.data))];
}

/** Groups in the order of their first element. */
export function groupBy<T>(list: readonly T[], key: (element: T) => string): Array<[string, T[]]> {
  const groups = new Map<string, T[]>();
  for (const element of list) groups.set(key(element), [...(groups.get(key(element)) ?? []), element]);
  return [...groups];
}
