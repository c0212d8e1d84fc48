import type {Decision} from '../select/decision';
import {keyOf, type Selection} from '../stages/selection';
import type {InteractionRecord, SearchRecord} from './run_record';

/** The interactions of a decision, with what held-out rows say of them. */
export function decidedInteractions({interactions}: Decision): InteractionRecord[] {
  return interactions.map(({gate, order, interaction, fields, alpha, open, gain, standardError, stability}) => ({
    gate,
    order,
    interaction,
    fields,
    alpha,
    kept: open,
    evidence: {gain, standardError, stability},
    auc: null,
    examples: [],
  }));
}

/** The interactions of a search, with alpha as it ended. */
export function searchInteractions({alpha: {gates, points}}: SearchRecord, selection: Selection): InteractionRecord[] {
  const last = points[points.length - 1].alpha;
  const selected = new Map(selection.map(each => [keyOf(each), each]));
  return gates.flatMap(({order, fields, interactions}, gate) =>
    interactions.map((interaction, p) => {
      const entry = selected.get(keyOf({gate, interaction}));
      return {
        gate,
        order,
        interaction,
        fields: interaction.map(f => fields[f]),
        alpha: entry?.alpha ?? last[gate][p],
        kept: entry !== undefined,
        evidence: null,
        auc: null,
        examples: [],
      };
    }),
  );
}
