import {literal, literals} from '../sql/literals';

/** Each line of files as one text column `line`; one that is not UTF-8 is left out. */
export function linesOf(files: readonly string[], option = 'parallel = true'): string {
  return (
    `read_csv(${literals(files)}, auto_detect = false, header = false, delim = ${literal('\x01\x02\x03\x04')}, ` +
    `quote = '', escape = '', ` +
    `columns = {'line': 'VARCHAR'}, ignore_errors = true, ${option})`
  );
}
