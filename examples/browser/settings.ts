/** What a person sets for a run. */
export interface Settings {
  /** The final threshold in units of alpha's start. */
  strength: number;
  /** Pairs of fields, or pairs and triples. */
  order: 2 | 'both';
  /** d, the length of an embedding. */
  dimension: number;
  /** Whether an MLP stands beside the gates. */
  mlp: boolean;
  /** Passes of the search over the training rows; the retrain takes one more. */
  passes: number;
  seed: number;
}

export const DEFAULTS: Settings = {strength: 2, order: 2, dimension: 16, mlp: false, passes: 3, seed: 1};

/** Least and greatest value of each number. */
export const RANGES: Record<'strength' | 'dimension' | 'passes' | 'seed', {min: number; max: number; step: number}> = {
  strength: {min: 0.1, max: 10, step: 0.1},
  dimension: {min: 1, max: 64, step: 1},
  passes: {min: 1, max: 50, step: 1},
  seed: {min: 0, max: 1_000_000, step: 1},
};

/** The query of a link that carries the settings; what is as usual is left out. */
export function toQuery(settings: Settings): string {
  const own = (Object.keys(DEFAULTS) as Array<keyof Settings>).filter(key => settings[key] !== DEFAULTS[key]);
  return new URLSearchParams(own.map(key => [key, String(settings[key])])).toString();
}

/** The settings of a link. What is not there, or out of range, is as usual. */
export function fromQuery(query: string): Settings {
  const given = new URLSearchParams(query);
  const settings = {...DEFAULTS};
  for (const key of Object.keys(RANGES) as Array<keyof typeof RANGES>) {
    const text = given.get(key);
    const value = Number(text);
    const {min, max, step} = RANGES[key];
    if (text !== null && text !== '' && value >= min && value <= max && (step < 1 || Number.isInteger(value)))
      settings[key] = value;
  }
  if (given.get('order') === 'both') settings.order = 'both';
  if (given.get('mlp') === 'true') settings.mlp = true;
  return settings;
}

/** Rows a step: as in the demo, fewer for small tables, so that alpha has steps enough. */
export function batchSize(rows: number): number {
  return Math.min(2000, Math.max(16, Math.ceil(rows / 300)));
}
