/** The characters between the values of a row and around them. */
export interface TextForm {
  separator: string;
  quote: string | null;
}

/**
 * Split a sound row of text into its values, quotes undone. A quote within a value that does not begin with one is
 * part of it.
 */
export function splitRow(row: string, {separator, quote}: TextForm): string[] {
  if (quote === null || !row.includes(quote)) return row.split(separator);
  const values: string[] = [];
  for (let at = 0; at >= 0;) {
    let open = at;
    while (row[open] === ' ' && !separator.startsWith(' ')) open++;
    const isQuoted = row.startsWith(quote, open);
    const close = isQuoted ? closingQuote(row, quote, open + 1) : at;
    const next = row.indexOf(separator, isQuoted ? close + 1 : at);
    values.push(
      isQuoted
        ? row.slice(open + 1, close).replaceAll(quote + quote, quote)
        : row.slice(at, next < 0 ? row.length : next),
    );
    at = next < 0 ? next : next + separator.length;
  }
  return values;
}

/** The position of the quote that ends a value, from a position within it on. Two quotes stand for one. */
function closingQuote(row: string, quote: string, from: number): number {
  for (let at = row.indexOf(quote, from); at >= 0; at = row.indexOf(quote, at + 2)) {
    if (row[at + 1] !== quote) return at;
  }
  return row.length;
}
