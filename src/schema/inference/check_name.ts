import {AutofisError, show} from '../../errors';
import {closestName} from '../../closest_name';
import {parseNumber} from '../rules/numeric';

/** Separators that the reader may have missed. They then stand in the name of a table's only column. */
const SEPARATORS = [',', ';', '\t', '|'];

/** Check that an option names a column. */
export function checkName(
  where: string,
  option: string,
  name: string,
  columns: ReadonlyArray<{readonly name: string}>,
): void {
  const names = columns.map(column => column.name);
  if (names.includes(name)) return;
  throw new AutofisError(
    `${where}: \`${option}\` must be a column. Received: ${show(name)}. ${columnsText(names, name)}`,
  );
}

/** List the columns of a table for messages, and say why the one that was asked for may not be among them. */
export function columnsText(names: readonly string[], asked?: string): string {
  const all = `The columns are: ${names.map(show).join(', ')}.`;
  const separator = names.length === 1 ? SEPARATORS.find(candidate => names[0].includes(candidate)) : undefined;
  if (separator !== undefined)
    return `${all} This is one column, whose name holds ${show(separator)}: give the \`separator\` of the columns.`;
  if (2 * names.filter(name => parseNumber(name) !== undefined).length > names.length)
    return (
      `${all} The first line seems to be a row: ` + 'files without a header need `columns`, the names of the columns.'
    );
  const close = asked === undefined ? null : closestName(asked, names);
  return close === null ? all : `${all} Did you mean ${show(close)}?`;
}
