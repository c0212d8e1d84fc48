import type {EChartsCoreOption} from 'echarts/core';
import type {DataName} from './data';
import type {Entry} from './journal';
import type {Lab} from './lab';

/** One run of an experiment. */
export interface Job {
  /** Its name among the experiment's jobs; a finished one is not run again. */
  key: string;
  /** A data set, a table of a folder or 'synthetic'. */
  data: string;
  seed: number;
  run(lab: Lab): Promise<unknown>;
}

export interface PlanOptions {
  data: DataName[];
  seeds: number[];
  /** For a plan of tables. */
  tables?: Tables;
}

/** Tables of a folder, and how they are read. */
export interface Tables {
  folder: string;
  /** Their files, by name. */
  names: readonly string[];
  /** The column of labels and that of parts; without them the library's guess. */
  label?: string;
  part?: string;
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
  /** Whether its data are the tables of --folder, whichever they are. A table that fails does not stop the others. */
  ofTables?: true;
  /** Whether its runs measure time, so that they run one at a time, whatever --workers says. */
  alone?: true;
  jobs(options: PlanOptions): Job[];
  /** Made from all finished runs, and from nothing else. */
  report(entries: readonly Entry[]): Section[];
}

/** A job for each data set and seed. */
export function jobPerSeed(
  {data, seeds}: PlanOptions,
  run: (name: DataName, seed: number, lab: Lab) => Promise<unknown>,
): Job[] {
  return data.flatMap(name =>
    seeds.map(seed => ({key: `${name} ${seed}`, data: name, seed, run: (lab: Lab) => run(name, seed, lab)})),
  );
}

/** A model's training on a data set. */
export type ModelTraining<Result> = (data: DataName, seed: number, lab: Lab) => Promise<Result>;

/** A job for each data set, seed and model, named by all three. */
export function jobPerModel<Result>({data, seeds}: PlanOptions, models: Record<string, ModelTraining<Result>>): Job[] {
  return data.flatMap(name =>
    seeds.flatMap(seed =>
      Object.entries(models).map(([model, train]) => ({
        key: `${model} ${name} ${seed}`,
        data: name,
        seed,
        run: (lab: Lab) => train(name, seed, lab),
      })),
    ),
  );
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
