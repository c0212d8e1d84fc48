import type {AutoSelection} from '../select/auto_select';
import {gatesBehind} from '../select/fit_gates';
import type {CandidateRecord, InteractionRecord, RecipeRecord} from './run_record';

/** What `autoSelect` found, but for its models. */
export type SelectionFound = Pick<
  AutoSelection,
  'selection' | 'chosen' | 'candidates' | 'standings' | 'gates' | 'warnings'
>;

/** The way of a selection by the recipe as plain JSON. */
export function recipeRecord({selection: own, chosen, candidates, standings, gates}: SelectionFound): RecipeRecord {
  return {
    candidates: candidates.map(({selection, ...candidate}, i): CandidateRecord => {
      const {behind, logloss, suffices} = standings[i];
      return {...candidate, kept: selection.length, behind, logloss, suffices};
    }),
    chosen: candidates.findIndex(({name}) => name === chosen.name),
    gates: gates.map(({base, path, chosen: penalty}) => ({base, path, chosen: penalty})),
    best: gates.length === 0 ? null : gates.indexOf(gatesBehind(gates, own)),
  };
}

/** Every interaction under the gates that the selection comes from, with what held-out rows say of it. */
export function recipeInteractions({selection, gates}: SelectionFound): InteractionRecord[] {
  if (gates.length === 0) return [];
  const kept = new Set(selection.map(({gate, interaction}) => `${gate}:${interaction}`));
  return gatesBehind(gates, selection).interactions.map(
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
