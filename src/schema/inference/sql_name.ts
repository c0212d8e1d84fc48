/** A column's name in the SQL that messages advise, in quotes: it may be a word of SQL, such as order. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
