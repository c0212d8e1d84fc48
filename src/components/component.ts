import type {Interaction} from '../interactions';

/** Penalty on vectors: on the table, ridge / 2 |e|^2 against the sum of the loss, or on those that a batch looks up. */
export type VectorPenalty = {on: 'table'; ridge: number} | {on: 'batch'; l2: number};

/** One part of a model, which adds a number to the logit of each row; plain data. */
export type Component =
  /** The linear part that a family fitted beside its interactions, less logistic regression. */
  | {type: 'linear'; of: 'tables' | 'cells'}
  /** Rates and counts of the values of one field of ids. */
  | {type: 'values'; field: number}
  /** Product of the vectors of two values. */
  | {type: 'products'; interaction: Interaction; penalty: VectorPenalty}
  /** Weights of combinations of groups of values. */
  | {type: 'tables'; interaction: Interaction}
  /** Rates and counts of combinations of values. */
  | {type: 'cells'; interaction: Interaction};

/** The interaction that a component belongs to; null for one of single fields. */
export function interactionOf(component: Component): Interaction | null {
  return component.type === 'linear' || component.type === 'values' ? null : component.interaction;
}

/** Number the family of each component: products of one penalty, tables, cells. */
export function familiesOf(components: readonly Component[]): number[] {
  const names = components.map(familyName);
  return names.map(name => names.indexOf(name));
}

function familyName(component: Component): string {
  if (component.type === 'products') return JSON.stringify(component.penalty);
  if (component.type === 'linear') return component.of;
  return component.type === 'tables' ? 'tables' : 'cells';
}
