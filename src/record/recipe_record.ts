import type {AutoSelection} from '../select/auto_select';
import {gatesBehind} from '../select/fit_gates';
import type {CandidateRecord, InteractionRecord, RecipeRecord} from './run_record';

/** What `autoSelect` found, but for its models. */
export type SelectionFound = Pick<
  AutoSelection,
  'selection' | 'chosen' | 'candidates' | 'standings' | 'gates' | 'warnings'
>;

/** How the recipe made its selection, as plain JSON. */
export function recipeRecord({chosen, candidates, standings, gates}: SelectionFound): RecipeRecord {
  const behind = gates.length === 0 ? null : gatesBehind(gates, chosen);
  return {
    candidates: candidates.map(({selection, ...candidate}, i): CandidateRecord => {
      const {behind, logloss, suffices} = standings[i];
      return {...candidate, kept: selection.length, behind, logloss, suffices};
    }),
    chosen: candidates.findIndex(({name}) => name === chosen.name),
    gates: gates.map(each => ({
      base: each.base,
      path: each.path,
      chosen: each === behind?.gates ? behind.set.point : each.chosen,
    })),
    best: behind === null ? null : gates.indexOf(behind.gates),
  };
}

/** Every interaction under the gates that the selection comes from, with what held-out rows say of it. */
export function recipeInteractions({selection, chosen, gates}: SelectionFound): InteractionRecord[] {
  if (gates.length === 0) return [];
  const kept = new Set(selection.map(({gate, interaction}) => `${gate}:${interaction}`));
  return gatesBehind(gates, chosen).set.interactions.map(
    ({gate, order, interaction, fields, alpha, stability, held}) => ({
      gate,
      order,
      interaction,
      fields,
      alpha,
      kept: kept.has(`${gate}:${interaction}`),
      closedAt: null,
      evidence: {...held, stability},
      auc: null,
      examples: [],
    }),
  );
}
