import type {AutoSelection} from '../select/auto_select';
import {evidenceOf, gatesBehind} from '../select/gates_behind';
import {keyOf} from '../stages/selection';
import type {CandidateRecord, InteractionRecord, RecipeRecord} from './run_record';

/** What `autoSelect` found, but for its models. */
export type SelectionFound = Pick<
  AutoSelection,
  'selection' | 'chosen' | 'candidates' | 'standings' | 'gates' | 'copied' | 'warnings'
>;

/** How the recipe made its selection, as plain JSON. */
export function recipeRecord({chosen, candidates, standings, gates, copied}: SelectionFound): RecipeRecord {
  const behind = gates.length === 0 ? [] : gatesBehind(gates, chosen);
  return {
    candidates: candidates.map(({selection, mean, ...candidate}, i): CandidateRecord => {
      const {behind, logloss, suffices} = standings[i];
      const names = mean?.map(({name}) => name) ?? null;
      return {...candidate, mean: names, kept: selection.length, behind, logloss, suffices};
    }),
    chosen: candidates.findIndex(({name}) => name === chosen.name),
    gates: gates.map(each => ({
      base: each.base,
      by: each.by,
      path: each.path,
      chosen: behind.find(own => own.gates === each)?.set.point ?? each.chosen,
    })),
    best: behind.length === 0 ? null : gates.indexOf(behind[0].gates),
    copied,
  };
}

/** Every interaction under the gates that the selection comes from, with what held-out rows say of it. */
export function recipeInteractions({selection, chosen, gates}: SelectionFound): InteractionRecord[] {
  if (gates.length === 0) return [];
  const kept = new Set(selection.map(keyOf));
  return evidenceOf(gatesBehind(gates, chosen)).map(({gate, order, interaction, fields, alpha, stability, held}) => ({
    gate,
    order,
    interaction,
    fields,
    alpha,
    kept: kept.has(keyOf({gate, interaction})),
    closedAt: null,
    evidence: {...held, stability},
    auc: null,
    examples: [],
  }));
}
