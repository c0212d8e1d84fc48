import type {Assumption} from '../../schema/inference/assumption';
import {positiveInWords} from '../../schema/label';
import type {LabelRule} from '../../schema/schema';
import {textTable, wrapped} from '../../text_table';
import {flagOf} from '../setting';
import {shellQuoted} from './run_folder';

/** All that was assumed of a table, a row each, with the flag that asks for the alternative. */
export function assumedInWords(assumptions: readonly Assumption[]): string {
  return `Assumed:\n${textTable(
    ['column', 'read as', 'why', 'alternative', 'flag'],
    assumptions.map(assumption => [
      assumption.column ?? '(rows)',
      assumption.reading,
      assumption.why,
      assumption.alternative?.reading ?? '-',
      flagFor(assumption) ?? '-',
    ]),
    [0, 1, 2, 3, 4],
  )}`;
}

/** Columns whose readings a person should look at, a line each; empty without any. */
export function doubtsInWords(assumptions: readonly Assumption[]): string[] {
  return assumptions
    .filter(({isDoubtful}) => isDoubtful)
    .map(assumption => {
      const {column, reading, alternative} = assumption;
      const other = alternative === null ? '' : `; else ${flagFor(assumption)!}`;
      return wrapped(`${column ?? 'rows'}: ${reading}${other}`);
    });
}

/** The flag that asks for the alternative; the key of a config file where a flag cannot hold the column's name. */
export function flagFor({column, alternative}: Assumption): string | undefined {
  if (alternative === null) return undefined;
  const {option, value} = alternative;
  if (option === 'as' && /[,=]/.test(column!)) return `as: {${JSON.stringify(column)}: ${value}} in the config file`;
  return `${flagOf(option)} ${shellQuoted(option === 'as' ? `${column}=${value}` : value)}`;
}

/** Describe the rows with label 1 as the table writes it. A rule without values reads True and 1 alike. */
export function positiveAssumed(rule: LabelRule, assumptions: readonly Assumption[]): string {
  const start = 'label: ';
  const assumption = assumptions.find(({column, reading}) => column === rule.column && reading.startsWith(start));
  return assumption?.reading.slice(start.length) ?? positiveInWords(rule);
}
