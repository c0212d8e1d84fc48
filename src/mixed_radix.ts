/** Read the digits of a number of mixed radix; the k-th is one of `sizes[k]`, and the last one counts ones. */
export function digitsOf(code: number, sizes: readonly number[]): number[] {
  const digits = new Array<number>(sizes.length);
  let quotient = code;
  for (let k = sizes.length - 1; k >= 0; k--) {
    digits[k] = quotient % sizes[k];
    quotient = Math.floor(quotient / sizes[k]);
  }
  return digits;
}
