import {literal, literals} from '../../sql_literals';

/**
 * Text with separators as a relation of SQL whose columns are all text: a cast within the reader would also
 * meet values of rows that it has not read to their end.
 *
 * @param options Those of DuckDB's read_csv; by default files have neither header nor quotes, and empty is NULL.
 */
export function readCsv(
  files: string | readonly string[],
  columns: readonly string[],
  options: {delim: string; [option: string]: string | number | boolean},
): string {
  const types = columns.map(name => `${literal(name)}: 'VARCHAR'`).join(', ');
  const usual = {auto_detect: false, header: false, quote: '', escape: '', nullstr: ''};
  const settings = Object.entries({...usual, ...options}).map(
    ([option, value]) => `${option} = ${typeof value === 'string' ? literal(value) : value}`,
  );
  return `read_csv(${[literals([files].flat()), ...settings].join(', ')}, columns = {${types}})`;
}
