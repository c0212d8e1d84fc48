import {cartesianProduct} from '../cartesian_product';
import {compareInteractions} from '../interactions';

/** Mapping of a field's new ids to its old ones. */
export interface FieldGrowth {
  /** Ids before. */
  size: number;
  /** For each id after, the id before whose rows it starts from. */
  sources: Int32Array;
  /** Number of leading ids that keep their values; the others are new. */
  known: number;
}

/** New ids after those that stay, which start from the rows of one of these. */
export function grownField(size: number, grown: number, start: number): FieldGrowth {
  return {size, sources: Int32Array.from({length: grown}, (_, id) => (id < size ? id : start)), known: size};
}

/** Which row of the old table each row of a grown one starts from. */
export interface GrownRows {
  sources: Int32Array;
  /** 0 for rows of new values, 1 for the others, whose moments stay. */
  known: Float32Array;
}

/**
 * The rows of a table in which each value of a field owns `stride` consecutive ones, field after field.
 */
export function grownRows(blocks: ReadonlyArray<FieldGrowth & {stride: number}>): GrownRows {
  const length = blocks.reduce((sum, {sources, stride}) => sum + sources.length * stride, 0);
  const rows = {sources: new Int32Array(length), known: new Float32Array(length)};
  let n = 0;
  let first = 0;
  for (const {size, sources, known, stride} of blocks) {
    sources.forEach((source, id) => {
      for (let k = 0; k < stride; k++) {
        rows.known[n] = id < known ? 1 : 0;
        rows.sources[n++] = first + source * stride + k;
      }
    });
    first += size * stride;
  }
  return rows;
}

/** The dictionary of a grown CrossLinear, with the rows that its weights start from. */
export interface GrownCrosses extends GrownRows {
  counts: number[];
  /** [sum of counts, w], sorted within an interaction. */
  dictionary: Int32Array;
}

/** Combinations that a grown dictionary may have: 64 MB of ids. */
const MOST_CROSSES = 2 ** 23;

/**
 * Change the dictionary of a CrossLinear: each combination with the unseen value of a field is repeated for every new
 * value of this field, and starts from its weight. Without an entry a new value's combinations count nothing, as those
 * of the unseen value did. Combinations of dropped values go.
 *
 * @param crossed For each interaction its fields' growth and how many combinations it has.
 * @param dictionary The ids of the combinations, [sum of counts, w].
 * @param width w, at least the fields of an interaction.
 * @returns null where the new dictionary would have more combinations than fit.
 */
export function grownCrosses(
  crossed: ReadonlyArray<{sides: readonly FieldGrowth[]; count: number}>,
  dictionary: ArrayLike<number>,
  width: number,
): GrownCrosses | null {
  const entries: Array<{ids: number[]; source: number; known: number}> = [];
  let k = 0;
  const counts: number[] = [];
  for (const {sides, count} of crossed) {
    const idsOf = sides.map(idsBySource);
    const rows: typeof entries = [];
    for (const end = k + count; k < end; k++) {
      const grown = idsOf.map((bySource, s) => bySource[dictionary[width * k + s]]);
      const copies = grown.reduce((product, {length}) => product * length, 1);
      if (entries.length + rows.length + copies > MOST_CROSSES) return null;
      for (const ids of cartesianProduct(grown))
        rows.push({ids, source: k, known: ids.every((id, s) => id === grown[s][0]) ? 1 : 0});
    }
    rows.sort((a, b) => compareInteractions(a.ids, b.ids));
    counts.push(rows.length);
    for (const entry of rows) entries.push(entry);
  }
  const grown = new Int32Array(entries.length * width);
  entries.forEach(({ids}, e) => grown.set(ids, e * width));
  return {
    counts,
    dictionary: grown,
    sources: Int32Array.from(entries, ({source}) => source),
    known: Float32Array.from(entries, ({known}) => known),
  };
}

/** For each id before, the ids after that start from it, its own first. */
function idsBySource({size, sources}: FieldGrowth): number[][] {
  const ids = Array.from({length: size}, (): number[] => []);
  sources.forEach((source, id) => ids[source].push(id));
  return ids;
}
