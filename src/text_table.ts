/** A table of plain text; the columns in `left` start at the left, numbers at the right. */
export function textTable(
  head: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  left: readonly number[],
): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  const rule = widths.map(width => '-'.repeat(width));
  return [head, rule, ...rows].map(line).join('\n');
}

/** Break a text into lines of at most 100 characters at its spaces, the later ones indented. */
export function wrapped(text: string): string {
  return text.replace(/(.{1,96})(?: |$)/g, '$1\n   ').trimEnd();
}
