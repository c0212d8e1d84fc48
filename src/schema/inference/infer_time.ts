import {AutofisError} from '../../errors';
import {ISO_DATES} from '../split';
import type {Assumption} from './assumption';
import {checkName} from './check_name';
import type {ColumnFacts} from './column_facts';
import {noDatesText} from './infer_column';
import type {InferenceOptions} from './infer_fields';
import {inferLabel} from './infer_label';

/** The column with the times of rows. */
export interface InferredTime {
  column: string;
  /** The format of its dates, as a split has it; undefined for numbers. */
  format?: string;
  assumption: Assumption;
}

/**
 * Find the column whose times rows are split by, by default the only one of dates, and how they are written.
 * @throws AutofisError where none or several hold dates and none is named, or where the named one holds neither dates
 *     of one form nor numbers.
 */
export function inferTime(where: string, facts: readonly ColumnFacts[], options: InferenceOptions): InferredTime {
  const {weight, timeColumn, as = {}} = options;
  const label = inferLabel(where, facts, options).rule.column;
  const free = facts.filter(({name}) => name !== label && name !== weight);
  const names = free.filter(hasDays).map(({name}) => name);
  if (timeColumn === undefined && names.length !== 1)
    throw new AutofisError(
      names.length === 0
        ? `${where}: no column holds dates to split rows by. Name a column of dates or of numbers with \`timeColumn\`.`
        : `${where}: ${names.join(', ')} hold dates. Name the one that rows are split by as \`timeColumn\`.`,
    );
  const column = timeColumn ?? names[0];
  checkName(where, 'timeColumn', column, free);
  const asked = Object.hasOwn(as, column) ? /^date:(.+)$/s.exec(as[column])?.[1] : undefined;
  return {
    column,
    format:
      asked ??
      formatOf(
        where,
        free.find(({name}) => name === column)!,
      ),
    assumption: {
      column,
      reading: 'time of the rows',
      why: timeColumn === undefined ? 'it is the only column of dates' : 'it was asked for',
      alternative: {reading: 'time by another column', option: 'timeColumn', value: 'COLUMN'},
      isDoubtful: timeColumn === undefined,
    },
  };
}

/** Tell whether all values of a column are days, and not only times of a day. */
function hasDays({date}: ColumnFacts): boolean {
  return date?.hasDay === true && date.rows === 0;
}

function formatOf(where: string, facts: ColumnFacts): string | undefined {
  if (hasDays(facts)) return facts.date!.format ?? ISO_DATES;
  if (facts.number?.rows === 0) return undefined;
  const {name} = facts;
  throw new AutofisError(
    `${where}: \`timeColumn\` must hold dates of one form, or numbers. ${name} does not: ${noDatesText(facts)}. ` +
      `Name the form, as in \`as\` ${name}=date:%d.%m.%Y; rows of other values can then be left out as rejects.`,
  );
}
