/** How the ids of a field grow. */
export interface FieldGrowth {
  /** Ids before. */
  size: number;
  /** Ids after, at least as many. */
  grown: number;
  /** The id whose rows new ids start from. */
  start: number;
}

/** Which row of the old table each row of a grown one starts from. */
export interface GrownRows {
  sources: Int32Array;
  /** 0 for rows of new values, 1 for the others, whose moments go on. */
  known: Float32Array;
}

/**
 * The rows of a table in which each value of a field owns `stride` consecutive ones, field after field. Rows of new
 * values start from those of `start`.
 */
export function grownRows(blocks: ReadonlyArray<FieldGrowth & {stride: number}>): GrownRows {
  const length = blocks.reduce((sum, {grown, stride}) => sum + grown * stride, 0);
  const sources = new Int32Array(length);
  const known = new Float32Array(length);
  let n = 0;
  let first = 0;
  for (const {size, grown, start, stride} of blocks) {
    for (let id = 0; id < grown; id++) {
      const from = first + (id < size ? id : start) * stride;
      for (let k = 0; k < stride; k++) {
        known[n] = id < size ? 1 : 0;
        sources[n++] = from + k;
      }
    }
    first += size * stride;
  }
  return {sources, known};
}

/** The dictionary of a grown CrossLinear, with the rows that its weights start from. */
export interface GrownCrosses extends GrownRows {
  counts: number[];
  /** [sum of counts, 2], sorted within a pair. */
  dictionary: Int32Array;
}

/** Combinations that a grown dictionary may have: 64 MB of ids. */
const MOST_CROSSES = 2 ** 23;

/**
 * Grows the dictionary of a CrossLinear: each combination with the unseen value of a field is repeated for every new
 * value of this field, and starts from its weight. Without an entry a new value's combinations count nothing, as those
 * of the unseen value did.
 *
 * @param pairs For each pair its fields' growth and how many combinations it has.
 * @param dictionary The ids of the combinations, [sum of counts, 2].
 * @returns null where the new dictionary would have more combinations than fit.
 */
export function grownCrosses(
  pairs: ReadonlyArray<{sides: readonly [FieldGrowth, FieldGrowth]; count: number}>,
  dictionary: ArrayLike<number>,
): GrownCrosses | null {
  const entries: Array<[a: number, b: number, source: number, known: number]> = [];
  let k = 0;
  const counts: number[] = [];
  for (const {sides, count} of pairs) {
    const own: typeof entries = [];
    for (const end = k + count; k < end; k++) {
      const [left, right] = sides.map((side, s) => grownIds(side, dictionary[2 * k + s]));
      if (entries.length + own.length + left.length * right.length > MOST_CROSSES) return null;
      for (const a of left) {
        for (const b of right) own.push([a, b, k, a === left[0] && b === right[0] ? 1 : 0]);
      }
    }
    own.sort(([a, b], [c, d]) => a - c || b - d);
    counts.push(own.length);
    for (const entry of own) entries.push(entry);
  }
  return {
    counts,
    dictionary: Int32Array.from(entries.flatMap(([a, b]) => [a, b])),
    sources: Int32Array.from(entries, ([, , source]) => source),
    known: Float32Array.from(entries, ([, , , known]) => known),
  };
}

/** An id, and behind the unseen one the ids of all new values. */
function grownIds({size, grown, start}: FieldGrowth, id: number): number[] {
  return id === start ? [id, ...Array.from({length: grown - size}, (_, i) => size + i)] : [id];
}
