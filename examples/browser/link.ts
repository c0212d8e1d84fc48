import type {Choices, RunView, Use} from './protocol';
import {DEFAULTS, EFFORTS, SEEDS} from './settings';
import type {Effort} from 'tfjs-autofis';

/** What a person sees of a finished run. */
export interface Seen {
  /** The interaction or field whose effect is shown, and positions of the values of its third and fourth field. */
  fields: readonly number[];
  at: readonly number[];
  /** Gates that a person has closed. */
  closed: readonly number[];
  /** The row that is tried; null where none is. */
  row: readonly number[] | null;
  isDetailed: boolean;
}

/** A run and what is seen of it: names of files, settings and positions, no data. */
export interface Link extends Pick<RunView, 'data' | 'isSample' | 'settings' | 'choices'> {
  seen: Seen;
}

/** The sample's name. */
export const SAMPLE = 'flights.parquet';

const USES: readonly Use[] = ['proposed', 'category', 'number', 'date', 'ignored'];
const toPosition = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : null);

/** Positions such as "0.3.5"; null for another text. */
function toPositions(text: string): number[] | null {
  const positions = text.split('.').map(toPosition);
  return positions.includes(null) ? null : (positions as number[]);
}

/** Uses such as "4-number.7-ignored"; null for another text. */
function toUses(text: string): Choices['uses'] | null {
  const uses = text.split('.').map(each => {
    const [column, use] = each.split('-');
    return {column: toPosition(column), use: use as Use};
  });
  return uses.every(({column, use}) => column !== null && USES.includes(use)) ? (uses as Choices['uses']) : null;
}

/** Write the fragment of an address. What is at its default is left out. */
export function toFragment({data, isSample, settings, choices, seen}: Link): string {
  const {effort, seed} = settings;
  const {fields, at, closed, row, isDetailed} = seen;
  const parts: {[key: string]: string | number | null} = {
    ...(isSample ? {sample: 1} : {file: data}),
    effort: effort === DEFAULTS.effort ? null : effort,
    seed: seed === DEFAULTS.seed ? null : seed,
    label: choices.label,
    positive: choices.positive,
    use: choices.uses.map(({column, use}) => `${column}-${use}`).join('.'),
    fields: fields.join('.'),
    at: at.join('.'),
    closed: closed.join('.'),
    row: row === null ? null : row.join('.'),
    details: isDetailed ? 1 : null,
  };
  const given = Object.entries(parts).filter(([, value]) => value !== null && value !== '');
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
}

/** Read a fragment, and name its invalid parts, which are at their defaults; null for one that is not a link's. */
export function fromFragment(fragment: string): {link: Link; wrong: string[]} | null {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  if (!query.has('sample') && !query.has('file')) return null;
  const wrong: string[] = [];
  const part = <T>(key: string, read: (text: string) => T | null, otherwise: T): T => {
    const text = query.get(key);
    const value = text === null ? otherwise : read(text);
    if (value === null && otherwise !== null) wrong.push(key);
    return value ?? otherwise;
  };
  const seed = (text: string) => ((toPosition(text) ?? Infinity) <= SEEDS.max ? Number(text) : null);
  const link: Link = {
    data: query.get('file') ?? SAMPLE,
    isSample: !query.has('file'),
    settings: {
      effort: part('effort', text => EFFORTS.find(each => each === (text as Effort)) ?? null, DEFAULTS.effort),
      seed: part('seed', seed, DEFAULTS.seed),
    },
    choices: {
      label: part('label', toPosition, null),
      positive: part('positive', toPosition, null),
      uses: part('use', toUses, []),
    },
    seen: {
      fields: part('fields', toPositions, []),
      at: part('at', toPositions, []),
      closed: part('closed', toPositions, []),
      row: part('row', toPositions, null),
      isDetailed: query.has('details'),
    },
  };
  return {link, wrong};
}

/** Whether a link shows this run. */
export function isOf(link: Link, run: RunView): boolean {
  const seen: Seen = {fields: [], at: [], closed: [], row: null, isDetailed: false};
  const keyOf = ({data, isSample, settings, choices}: Link | RunView) =>
    toFragment({data, isSample, settings, choices, seen});
  return keyOf(link) === keyOf(run);
}
