/** A column's name in the SQL that messages advise: in quotes where it needs them. */
export function sqlName(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
