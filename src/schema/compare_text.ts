/**
 * Order texts by their UTF-8 bytes, which is the order of their code points: that of DuckDB, not of JavaScript's `<`.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  // Within a pair of surrogates the pairs differ by their second halves, and so do the code points.
  const pointAt = (text: string) =>
    isSurrogate(text.charCodeAt(i)) ? 0x10000 + text.charCodeAt(i) : text.charCodeAt(i);
  return pointAt(a) - pointAt(b);
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
