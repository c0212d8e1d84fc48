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
