/**
 * A line of a CSV file. Text that a spreadsheet would take for a formula gets an apostrophe in front, which it shows as
 * text.
 */
export function csvLine(values: ReadonlyArray<string | number>): string {
  return values
    .map(value => {
      if (typeof value === 'number') return String(value);
      const text = /^[=+\-@\t\r]/.test(value) && !Number.isFinite(Number(value)) ? `'${value}` : value;
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}

/** Names of columns, each once: a name that was there before gets a number behind it. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map(name => {
    let own = name;
    for (let k = 2; taken.has(own); k++) own = `${name} (${k})`;
    taken.add(own);
    return own;
  });
}
