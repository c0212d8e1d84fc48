/** Steps at most. */
const STEPS = 60;

/** A symmetric positive definite matrix A, known by its products. */
export interface Equations {
  /** target += A v. */
  addProduct(v: Float64Array, target: Float64Array): void;
  /** M^-1 r, where M is near A and easy to solve. */
  precondition(r: Float64Array): Float64Array;
  /** Where |b - A x| is this share of |b|, x is good enough. */
  tolerance: number;
}

/** Solve A x = b by preconditioned conjugate gradients (Hestenes and Stiefel 1952), and count their steps. */
export function conjugateGradients(
  b: Float64Array,
  {addProduct, precondition, tolerance}: Equations,
): {x: Float64Array; steps: number} {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  const target = tolerance * norm(b);
  let scaled = precondition(residual);
  const direction = scaled.slice();
  const image = new Float64Array(b.length);
  let size2 = dot(residual, scaled);
  let steps = 0;
  for (; steps < STEPS && norm(residual) > target; steps++) {
    image.fill(0);
    addProduct(direction, image);
    const step = size2 / dot(direction, image);
    for (let j = 0; j < x.length; j++) {
      x[j] += step * direction[j];
      residual[j] -= step * image[j];
    }
    scaled = precondition(residual);
    const next = dot(residual, scaled);
    const share = next / size2;
    for (let j = 0; j < x.length; j++) direction[j] = scaled[j] + share * direction[j];
    size2 = next;
  }
  return {x, steps};
}

/** <a, b>. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** |a|. */
export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
