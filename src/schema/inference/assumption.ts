/** Kind of value that a column is read as. `date:FORMAT` names the format of its dates. */
export type Reading = 'category' | 'number' | 'list' | 'date' | 'drop' | `date:${string}`;

/** Options of inference that change an assumption. */
export type AssumptionOption = 'as' | 'label' | 'positiveLabel' | 'splitColumn' | 'timeColumn' | 'period';

/** One thing that was assumed of a table. */
export interface Assumption {
  /** The column it is about; null for the rows. */
  column: string | null;
  /** Assumed reading, in words. */
  reading: string;
  /** Evidence for this reading. */
  why: string;
  /** Other reading, and the option that selects it; null where there is nothing to choose. */
  alternative: {reading: string; option: AssumptionOption; value: string} | null;
  /** True where the table leaves a doubt, so that a person should look at the reading. */
  isDoubtful: boolean;
}

/** Describe an assumption that leaves no doubt. */
export function assume(
  column: string | null,
  reading: string,
  why: string,
  alternative: Assumption['alternative'] = null,
): Assumption {
  return {column, reading, why, alternative, isDoubtful: false};
}

/** An assumption as a sentence. */
export function assumptionText({column, reading, why}: Assumption): string {
  return `${column ?? 'rows'}: ${reading}, since ${why}`;
}
