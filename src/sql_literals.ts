/** A string as a literal of SQL. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A name as an identifier of SQL. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A list of strings as a list of SQL. */
export const literals = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`;

/**
 * Return SQL that tells whether `x`, an expression of text, is one of a few texts. DuckDB turns IN with five or more
 * texts into a join, which changes the order of rows.
 */
export const oneOf = (x: string, texts: readonly string[]) => `list_contains(${literals(texts)}, ${x})`;

/** A text, NULL where it is one of the missing values. */
export function presentSql(text: string, missing: readonly string[] = []): string {
  return missing.length === 0 ? text : `autofis_present(${text}, ${literals(missing)})`;
}
