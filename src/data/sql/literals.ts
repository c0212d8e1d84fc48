/** A string as a literal of SQL. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A name as an identifier of SQL. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A list of strings as a list of SQL. */
export const literals = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`;

/**
 * Whether `x`, an expression of text, is one of a few texts. Of five or more DuckDB makes a join of IN, which changes
 * the order of rows.
 */
export const oneOf = (x: string, texts: readonly string[]) => `list_contains(${literals(texts)}, ${x})`;
