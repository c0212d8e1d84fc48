import type {Candidate} from 'tfjs-autofis';
import {withAll} from '../internals';

/** A form without the length of its vectors. */
const withoutLength = (form: string) => form.replace(/, d \d+$/, '');

/** The candidates with all pairs, without crosses and tables. */
export function plainBases(candidates: readonly Candidate[]): Candidate[] {
  return withAll(candidates).filter(({crosses, tables}) => !crosses && tables === null);
}

/** The form of the products of a choice: of a mean that of its FM or FFM. */
export const productForm = ({form, mean}: Pick<Candidate, 'form' | 'mean'>): string => mean?.[0].form ?? form;

/**
 * All pairs in the form that was chosen, with its ridge, and on top of logistic regression where that is; with shorter
 * vectors where the recipe trains all pairs only with these. For logistic regression and tables the best on V2.
 */
export function baseOf({
  candidates,
  chosen,
}: {
  candidates: readonly Candidate[];
  chosen: Pick<Candidate, 'form' | 'mean'>;
}): Candidate | null {
  const whole = plainBases(candidates).sort((a, b) => b.choice.auc - a.choice.auc);
  const own = productForm(chosen);
  const same = whole.find(({form}) => form === own) ?? whole.find(({form}) => form === withoutLength(own));
  return same ?? whole[0] ?? null;
}
