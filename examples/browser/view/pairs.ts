/** Pairs of m fields are in canonical order: 0-1, 0-2, ..., 0-(m-1), 1-2, ... */
export function pairCount(fields: number): number {
  return (fields * (fields - 1)) / 2;
}

/** The position of the pair of fields i < j. */
export function pairAt(fields: number, i: number, j: number): number {
  return i * fields - (i * (i + 1)) / 2 + j - i - 1;
}

/** The fields of each pair. */
export function pairsOf(fields: number): Array<readonly [number, number]> {
  return Array.from({length: fields}, (_, i) =>
    Array.from({length: fields - i - 1}, (__, k) => [i, i + 1 + k] as const),
  ).flat();
}

/** What a map shows of the pairs. */
export interface PairState {
  /** What the map shows of each pair; 0 where its gate is closed. */
  strength: ArrayLike<number>;
  /** The strength that has the full colour. */
  largest: number;
  /** Whether a pair is marked as uncertain: 1. */
  uncertain: ArrayLike<number>;
  /** Whether the gate of a pair can be closed and opened: 1. */
  pressable: ArrayLike<number>;
  /** What a screen reader says of a pair. */
  label(pair: number): string;
}

/** A picture of all pairs. */
export interface PairMap {
  readonly root: HTMLElement;
  /** Where the map has room for a line: what the last press did. */
  readonly effect: HTMLElement;
  paint(state: PairState): void;
}

export interface PairMapHooks {
  /** A person presses a pair. */
  press(pair: number): void;
  /** A person looks at a pair, by pointer, finger or keys: lines of its tip. */
  look(pair: number): readonly string[];
}

/** Steps of the scale of colours on each side of zero, as in the report. */
const SCALE_STEPS = 10;

/** The step of the colour scale, 0 for none to 10. */
export function colorStep(strength: number, largest: number): number {
  return strength === 0 ? 0 : Math.max(1, Math.round(SCALE_STEPS * Math.min(1, strength / largest)));
}

/** The variable of a step's colour. */
export const colorVariable = (step: number) => `--scale${SCALE_STEPS + step}`;

/** Gives a cell the colour of a step, and its text one that stands out; null for a closed one. */
export function colorCell(cell: HTMLElement, step: number | null): void {
  const at = step === null ? null : SCALE_STEPS + step;
  cell.style.setProperty('--cell', at === null ? '' : `var(--scale${at})`);
  cell.style.setProperty('--on-cell', at === null ? '' : `var(--onScale${at})`);
}
