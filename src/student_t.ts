/**
 * P(|T| >= |t|) for Student's t with `freedom` degrees: the regularised incomplete beta I_x(freedom/2, 1/2) at x =
 * freedom / (freedom + t^2).
 */
export function studentTTail(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The t whose two-sided tail is `p`, by bisection. */
export function studentTQuantile(p: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (studentTTail(high, freedom) > p) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (studentTTail(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return high;
}

/** The regularised incomplete beta function I_x(a, b). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast below the mean; above it the symmetry I_x(a, b) = 1 - I_{1-x}(b, a) leads
  // there.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  return front / continuedFraction(x, a, b);
}

/** 1 + d1/(1 + d2/(1 + ...)) of the incomplete beta function (NIST DLMF 8.17.22), from the back. */
function continuedFraction(x: number, a: number, b: number): number {
  let value = 1;
  for (let n = 200; n >= 1; n--) {
    const m = Math.floor(n / 2);
    const d =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    value = 1 + d / value;
  }
  return value;
}

/** ln Gamma(x) for x > 0: Stirling's series (NIST DLMF 5.11.1) at x >= 10, reached by Gamma(x + 1) = x Gamma(x). */
function logGamma(x: number): number {
  let shift = 0;
  while (x < 10) shift += Math.log(x++);
  const r = 1 / (x * x);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
