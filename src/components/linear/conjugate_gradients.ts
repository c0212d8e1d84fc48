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

/** Solve A x = b by preconditioned conjugate gradients (Hestenes and Stiefel 1952). */
export function conjugateGradients(b: Float64Array, {addProduct, precondition, tolerance}: Equations): Float64Array {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  const target = tolerance * norm(b);
  let scaled = precondition(residual);
  const direction = scaled.slice();
  const image = new Float64Array(b.length);
  let size2 = dot(residual, scaled);
  for (let k = 0; k < STEPS && norm(residual) > target; k++) {
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
  return x;
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
