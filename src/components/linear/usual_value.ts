/**
 * A one-hot field of which most rows have one value: only the rows with another one are listed. Tables of a thousand
 * columns mostly have such columns, and a pass over the rows then costs what the rare values cost.
 */
export interface UsualValue {
  /** The feature of the usual value. */
  usual: number;
  /** The rows with another value, in ascending order, and its feature. */
  rows: Int32Array;
  at: Int32Array;
}

/** Share of rows that others than the usual value may have. */
const MOST_OTHERS = 0.25;

/** The field by its usual value; null where others are in too many rows. */
export function usualValue(oneHot: Int32Array): UsualValue | null {
  // Plain loops: a selection asks this of each field of hundreds of designs.
  let [least, greatest] = [oneHot[0], oneHot[0]];
  for (let row = 1; row < oneHot.length; row++) {
    if (oneHot[row] < least) least = oneHot[row];
    else if (oneHot[row] > greatest) greatest = oneHot[row];
  }
  const counts = new Int32Array(oneHot.length === 0 ? 0 : greatest - least + 1);
  for (let row = 0; row < oneHot.length; row++) counts[oneHot[row] - least]++;
  let most = 0;
  for (let i = 1; i < counts.length; i++) if (counts[i] > counts[most]) most = i;
  const others = oneHot.length - counts[most];
  if (!(others <= MOST_OTHERS * oneHot.length)) return null;
  const usual = least + most;
  const [rows, at] = [new Int32Array(others), new Int32Array(others)];
  for (let row = 0, k = 0; row < oneHot.length; row++) {
    if (oneHot[row] === usual) continue;
    rows[k] = row;
    at[k++] = oneHot[row];
  }
  return {usual, rows, at};
}

/** product += X v of such fields. */
export function addUsualTimes(fields: readonly UsualValue[], v: Float64Array, product: Float64Array): void {
  let all = 0;
  for (const {usual, rows, at} of fields) {
    const own = v[usual];
    all += own;
    for (let k = 0; k < rows.length; k++) product[rows[k]] += v[at[k]] - own;
  }
  if (all !== 0) for (let i = 0; i < product.length; i++) product[i] += all;
}

/** target += X^T c of such fields. */
export function addUsualTransposed(
  fields: readonly UsualValue[],
  {c, sum}: {c: Float64Array; sum: number},
  target: Float64Array,
): void {
  for (const {usual, rows, at} of fields) {
    let others = 0;
    for (let k = 0; k < rows.length; k++) {
      const value = c[rows[k]];
      others += value;
      target[at[k]] += value;
    }
    target[usual] += sum - others;
  }
}
