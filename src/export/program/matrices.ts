import {constant, Constant} from './program';

/** [k, 1] of ones: the kernel that sums k numbers. */
export function ones(k: number): Constant {
  return constant([k, 1], new Float32Array(k).fill(1));
}

/** [m, n]: column p takes `value` times field[p]. */
export function picking(fields: readonly number[] | Int32Array, m: number, value = 1): Constant {
  const data = new Float32Array(m * fields.length);
  fields.forEach((field, p) => {
    data[field * fields.length + p] = value;
  });
  return constant([m, fields.length], data);
}

/** [columns, m]: 1 where a column belongs to a field; -1 for a column of none. */
export function indicator(fieldOf: readonly number[], m: number): Constant {
  const data = new Float32Array(fieldOf.length * m);
  fieldOf.forEach((f, column) => {
    if (f >= 0) data[column * m + f] = 1;
  });
  return constant([fieldOf.length, m], data);
}

/** Some columns of a matrix [k, n], times a factor: [k, count]. */
export function columnsFrom({shape: [k, n], data}: Constant, start: number, count: number, factor = 1): Constant {
  const at = (i: number) => Math.floor(i / count) * n + start + (i % count);
  const chosen = Float32Array.from({length: k * count}, (_, i) => factor * data[at(i)]);
  return constant([k, count], chosen);
}
