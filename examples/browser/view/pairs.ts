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
export const SCALE_STEPS = 10;

/** The step of the colour scale, -10 to 10; 0 for 0 alone. */
export function colorStep(value: number, largest: number): number {
  const share = Math.max(-1, Math.min(1, value / largest));
  return Math.round(SCALE_STEPS * share) || Math.sign(value);
}

/** The variable of a step's colour. */
export const colorVariable = (step: number) => `--scale${SCALE_STEPS + step}`;

/** Gives a cell the colour of a step, and its text one that stands out; none for 0. */
export function colorCell(cell: HTMLElement, step: number): void {
  const at = SCALE_STEPS + step;
  cell.style.setProperty('--cell', step === 0 ? '' : `var(--scale${at})`);
  cell.style.setProperty('--on-cell', step === 0 ? '' : `var(--onScale${at})`);
}
