import type {Bundle, EncodedRows, Row} from 'tfjs-autofis/bundle';

/** Why a request is not answered with predictions. */
export class RequestError extends Error {
  /**
   * @param status The HTTP status.
   * @param reason One word for programs and metrics.
   * @param message What is wrong, where, what was received, and the cure.
   * @param more What else the answer says.
   */
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly more: object = {},
  ) {
    super(message);
  }
}

/** Issues that an answer lists; it has their number, too. */
const LISTED = 20;
/** How a body looks. */
export const EXAMPLE = 'Send {"rows": [{"column": value, ...}, ...]}.';

/** Encodes the rows of a request's body, or says in full what is wrong with it. */
export type BodyEncoder = (body: unknown) => EncodedRows;

/** The columns that a bundle reads, each once: several fields may be of one. */
export function columnsOf({fitted}: Pick<Bundle, 'fitted'>): string[] {
  return [...new Set(fitted.schema.fields.map(({column}) => column))];
}

/** The encoder of the bodies that a bundle answers. */
export function bodyEncoder({encoder, fitted}: Bundle, maxRows: number): BodyEncoder {
  const columns = columnsOf({fitted});
  return body => {
    const rows = rowsOf(body, maxRows);
    for (let i = 0; i < rows.length; i++) checkRow(rows[i], i, columns);
    const encoded = encoder.encode(rows as Row[]);
    if (encoded.issues.length > 0) throw unfit(encoded.issues);
    return encoded;
  };
}

function rowsOf(body: unknown, maxRows: number): readonly unknown[] {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw bad(`The body must be an object. Received: ${shown(body)}. ${EXAMPLE}`);
  const {rows, ...others} = body as {rows?: unknown};
  if (Object.keys(others).length > 0)
    throw bad(`The body must have \`rows\` only. Received also: ${shown(Object.keys(others)[0])}. ${EXAMPLE}`);
  if (!Array.isArray(rows) || rows.length === 0)
    throw bad(`\`rows\` must be a list of at least one row. Received: ${shown(rows)}. ${EXAMPLE}`);
  if (rows.length <= maxRows) return rows;
  throw new RequestError(
    413,
    'too_many_rows',
    `\`rows\` must hold at most ${maxRows} rows. Received: ${rows.length}. Send them in several requests.`,
  );
}

/** Loops without closures, since every value of every request comes through here. */
function checkRow(row: unknown, i: number, columns: readonly string[]): void {
  if (row === null || typeof row !== 'object' || Array.isArray(row))
    throw bad(`rows[${i}] must be an object of values by column. Received: ${shown(row)}.`);
  let isKnown = false;
  for (const column of columns) {
    if (!Object.hasOwn(row, column)) continue;
    isKnown = true;
    if (isNested((row as Row)[column]))
      throw bad(
        `rows[${i}], column ${JSON.stringify(column)}: the value must be a text, a number, true, false, null, ` +
          'or a list of these.',
      );
  }
  if (isKnown) return;
  throw bad(
    `rows[${i}] must have at least one of the columns that the model reads: ${columns.join(', ')}. Received: ` +
      `${shown(Object.keys(row).join(', '))}.`,
  );
}

function bad(message: string): RequestError {
  return new RequestError(400, 'bad_body', message);
}

/** Values that do not fit the rules of their fields. */
function unfit(issues: EncodedRows['issues']): RequestError {
  const [{row, column, value, problem}] = issues;
  const more = issues.length > 1 ? ` ${issues.length - 1} more values are invalid.` : '';
  return new RequestError(
    422,
    'bad_rows',
    `rows[${row}], column ${JSON.stringify(column)}: ${shown(value)} ${problem}.${more} Send a valid value, or ` +
      'omit one that is unknown.',
    {count: issues.length, issues: issues.slice(0, LISTED).map(issue => ({...issue, value: brief(issue.value)}))},
  );
}

/** Whether a value holds others deeper than a list of plain ones does. */
function isNested(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isObject) : isObject(value);
}

function isObject(value: unknown): boolean {
  return value !== null && typeof value === 'object';
}

/** A value as JSON, short enough for a message. */
function shown(value: unknown): string {
  let text: string;
  try {
    // A number beyond those of JavaScript is infinite, and null in JSON.
    text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  } catch (error) {
    // Nothing else fails on what came from JSON.
    if (!(error instanceof RangeError)) throw error;
    return `${Array.isArray(value) ? 'a list' : 'an object'} that is nested too deeply`;
  }
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** A value that is itself where it is short and JSON has it. */
function brief(value: unknown): unknown {
  const isInfinite = typeof value === 'number' && !Number.isFinite(value);
  return isInfinite || JSON.stringify(value).length > 100 ? shown(value) : value;
}
