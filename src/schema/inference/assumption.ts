/** How a column can be read. `date:FORMAT` names the format of its dates. */
export type Reading = 'category' | 'number' | 'both' | 'list' | 'date' | 'drop' | `date:${string}`;

/** Options of inference that change an assumption. */
export type AssumptionOption = 'as' | 'label' | 'positiveLabel' | 'splitColumn' | 'timeColumn' | 'period';

/** One thing that was assumed of a table. */
export interface Assumption {
  /** The column it is about; null for the rows. */
  column: string | null;
  /** What it was read as. */
  reading: string;
  /** What speaks for that. */
  why: string;
  /** What it would be otherwise, and the option that asks for it; null where there is nothing to choose. */
  alternative: {reading: string; option: AssumptionOption; value: string} | null;
}

/** An assumption as a sentence. */
export function assumptionText({column, reading, why}: Assumption): string {
  return `${column ?? 'rows'}: ${reading}, since ${why}`;
}
