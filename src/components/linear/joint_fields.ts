/**
 * One-hot fields whose combinations are so few that one table has a number for each: a pass over the rows then looks up
 * one number for all of these fields.
 */
export interface JointField {
  members: ReadonlyArray<{first: number; size: number}>;
  /** Number of combinations. */
  size: number;
  /** The combination of each row, or for a single field its feature, counted from its first. */
  at: Int32Array;
}

/** Combinations of a joint field at most: their numbers stay in the cache. */
const MOST_COMBINATIONS = 1024;
/** Rows for each combination: tables cost more than they save where rows are fewer. */
const LEAST_ROWS = 8;

/**
 * Join one-hot fields, small ones first.
 *
 * @param oneHot For each field the feature of each row.
 */
export function jointFields(oneHot: readonly Int32Array[]): JointField[] {
  const most = Math.min(MOST_COMBINATIONS, (oneHot[0]?.length ?? 0) / LEAST_ROWS);
  const ranges = oneHot.map(rangeOf).sort((a, b) => a.size - b.size);
  const joint: JointField[] = [];
  for (const {first, size, at} of ranges) {
    const last = joint.at(-1);
    if (last === undefined || last.size * size > most) {
      joint.push({members: [{first, size}], size, at: at.map(feature => feature - first)});
      continue;
    }
    for (let i = 0; i < at.length; i++) last.at[i] = last.at[i] * size + at[i] - first;
    joint[joint.length - 1] = {members: [...last.members, {first, size}], size: last.size * size, at: last.at};
  }
  return joint;
}

/** Add up the weights of each combination. */
export function jointWeights({members, size}: JointField, v: Float64Array): Float64Array {
  if (members.length === 1) return v.subarray(members[0].first, members[0].first + size);
  let sums = Float64Array.of(0);
  for (const {first, size: count} of members) {
    const before = sums;
    sums = new Float64Array(before.length * count);
    for (let i = 0, at = 0; i < before.length; i++)
      for (let k = 0; k < count; k++) sums[at++] = before[i] + v[first + k];
  }
  return sums;
}

/** Add the sums of combinations to the features that they consist of. */
export function addJointSums({members}: JointField, sums: Float64Array, target: Float64Array): void {
  if (members.length === 1) return;
  let rest = sums;
  for (const {first, size} of [...members].reverse()) {
    const before = new Float64Array(rest.length / size);
    for (let i = 0, at = 0; i < before.length; i++) {
      for (let k = 0; k < size; k++, at++) {
        target[first + k] += rest[at];
        before[i] += rest[at];
      }
    }
    rest = before;
  }
}

function rangeOf(at: Int32Array): {first: number; size: number; at: Int32Array} {
  let [least, greatest] = [at[0], at[0]];
  for (let i = 1; i < at.length; i++) {
    if (at[i] < least) least = at[i];
    else if (at[i] > greatest) greatest = at[i];
  }
  return {first: least, size: greatest - least + 1, at};
}
