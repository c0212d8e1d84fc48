import type {Selection} from '../stages/selection';

/**
 * Which interactions a model has that another lacks, and the other way round: a difference of names, without a test of
 * what each is worth. Plain JSON; each interaction is the names of its fields.
 */
export interface InteractionChanges {
  /** Interactions of the new model only. */
  added: string[][];
  /** Interactions of the old model only. */
  gone: string[][];
}

/** Compare the interactions of two models by the names of their fields. */
export function interactionChanges(before: Selection, after: Selection): InteractionChanges {
  return {added: without(after, before), gone: without(before, after)};
}

/** The interactions of one selection that another lacks. */
function without(first: Selection, second: Selection): string[][] {
  const keys = new Set(second.map(fieldsKey));
  return first.filter(interaction => !keys.has(fieldsKey(interaction))).map(({fields}) => fields);
}

/** A key of an interaction that does not depend on the order of its fields. */
export const fieldsKey = ({fields}: {fields: readonly string[]}): string => JSON.stringify([...fields].sort());

/** Most names in a line; the report has all. */
const MOST = 10;

/** The changes in one sentence. */
export function changesInWords({added, gone}: InteractionChanges): string {
  const lists = Object.entries({new: added, gone}).filter(([, names]) => names.length > 0);
  if (lists.length === 0) return 'Its interactions are those of the old model.';
  const words = lists.map(([word, names]) => `${names.length} ${word} (${shown(names)})`);
  return `Interactions by name, compared with the old model: ${words.join(', ')}.`;
}

function shown(names: readonly string[][]): string {
  const first = names.slice(0, MOST).map(fields => fields.join(' x '));
  return [...first, ...(names.length > MOST ? [`and ${names.length - MOST} more`] : [])].join(', ');
}
