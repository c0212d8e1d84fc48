import {rowsIn} from '../training/rows';
import type {Recipe} from './auto_select_args';
import {interactingFields, interactingInWords, mostInteracting} from '../components/interacting_fields';
import {linearRows} from './train_one';

/** Once the penalty of LR is known: let only some fields of the recipe interact, and say so, where it has too many. */
export async function limitInteracting(recipe: Recipe): Promise<void> {
  const {fields, bases, train, warnings} = recipe;
  if (fields === null || bases.length === 0 || fields.length <= mostInteracting(rowsIn(train))) return;
  const {table, linear} = await linearRows(recipe, train);
  const interacting = interactingFields(fields, table, linear);
  if (interacting === undefined) return;
  Object.assign(recipe, recipe.among(interacting));
  warnings.push(interactingInWords(fields, interacting));
}
