import type {Effort} from 'tfjs-autofis';

/** What a person sets for a run. */
export interface Settings {
  /** How much is tried. */
  effort: Effort;
  seed: number;
}

export const DEFAULTS: Settings = {effort: 'quick', seed: 1};
export const EFFORTS: readonly Effort[] = ['quick', 'normal', 'thorough'];
export const SEEDS = {min: 0, max: 1_000_000, step: 1};

/** The query of a link that carries the settings; defaults are left out. */
export function toQuery(settings: Settings): string {
  const own = (Object.keys(DEFAULTS) as Array<keyof Settings>).filter(key => settings[key] !== DEFAULTS[key]);
  return new URLSearchParams(own.map(key => [key, String(settings[key])])).toString();
}

/** The settings of a link, and the names of those that it has wrong, which are at their defaults. */
export function fromQuery(query: string): {settings: Settings; wrong: string[]} {
  const settings = {...DEFAULTS};
  const wrong: string[] = [];
  for (const [name, text] of new URLSearchParams(query)) {
    const seed = Number(text);
    if (name === 'effort' && EFFORTS.includes(text as Effort)) settings.effort = text as Effort;
    else if (name === 'seed' && /^\d+$/.test(text) && seed <= SEEDS.max) settings.seed = seed;
    else wrong.push(name);
  }
  return {settings, wrong};
}
