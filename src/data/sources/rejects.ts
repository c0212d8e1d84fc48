import {AutofisError, show} from '../../errors';
import {counted} from '../../counted';

/** One row that could not be used, and why. */
export interface Reject {
  /** The file, where the source has files. */
  file?: string;
  /** Its first line, counted from 1, in text files. */
  line?: number;
  /** Else the number of the row in its file, or in a query, counted from 1. */
  row?: number;
  column?: string;
  /** The value, or the line, as the source has it. */
  value: string;
  reason: string;
}

/** The rows that were left out. */
export interface Rejects {
  count: number;
  /** The first of them, at most 100. */
  examples: Reject[];
}

/** Most rejects that are kept as examples. */
export const MOST_EXAMPLES = 100;
/** Rejects that messages tell in full. */
const SHOWN = 5;

/** A reject in words: file:line, column, value, reason. */
export function rejectText({file, line, row, column, value, reason}: Reject): string {
  const location = [
    file,
    line === undefined ? undefined : `line ${line}`,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${show(column)}`,
  ].filter(part => part !== undefined);
  return `${location.join(', ')}: ${show(value)} ${reason}`;
}

/** The first few in words. */
export function firstRejects({examples}: Rejects): string[] {
  return examples.slice(0, SHOWN).map(rejectText);
}

/** Details of {@link TooManyRejects}. */
interface TooManyOptions {
  /** User's name for the limit. Default `maxRejects`. */
  option?: string;
  /** True if reading stopped before the end of the source. */
  isPart?: boolean;
}

/** More rows were rejected than the user allows. */
export class TooManyRejects extends AutofisError {
  constructor(
    where: string,
    readonly rejects: Rejects,
    private readonly limit: number,
    private readonly options: TooManyOptions = {},
  ) {
    const {count} = rejects;
    const {option = '`maxRejects`', isPart = false} = options;
    const rows = `${isPart ? 'at least ' : ''}${counted(count, 'row')}`;
    const first = firstRejects(rejects)
      .map(reject => `\n  ${reject}`)
      .join('');
    super(
      `${where}: ${rows} cannot be used, and ${option} is ${limit}.${first}` +
        `${count > SHOWN ? `\n  and ${count - SHOWN} more` : ''}\nCorrect the source, ` +
        `or raise ${option} to leave such rows out.`,
    );
  }

  /** Return this error with other names for the caller and for the option that sets the limit. */
  as(where: string, option: string): TooManyRejects {
    return new TooManyRejects(where, this.rejects, this.limit, {...this.options, option});
  }
}

/** Check that no more rows were rejected than the user allows. */
export function checkRejects(where: string, rejects: Rejects, maxRejects: number): void {
  if (rejects.count > maxRejects) throw new TooManyRejects(where, rejects, maxRejects);
}

/** Both together. */
export function addRejects(a: Rejects, b: Rejects): Rejects {
  return {count: a.count + b.count, examples: [...a.examples, ...b.examples].slice(0, MOST_EXAMPLES)};
}
