import {keyOf, type Selection} from '../stages/selection';
import type {InteractionRecord, SearchRecord} from './run_record';

/** The interactions of a search, with alpha as it ended. */
export function searchInteractions(
  {alpha: {gates, points, closedAt}}: SearchRecord,
  selection: Selection,
): InteractionRecord[] {
  const last = points[points.length - 1].alpha;
  const kept = new Map(selection.map(s => [keyOf(s), s]));
  return gates.flatMap(({order, fields, interactions}, gate) =>
    interactions.map((interaction, p) => {
      const selected = kept.get(keyOf({gate, interaction}));
      return {
        gate,
        order,
        interaction,
        fields: interaction.map(f => fields[f]),
        alpha: selected?.alpha ?? last[gate][p],
        kept: selected !== undefined,
        closedAt: closedAt[gate][p],
        evidence: null,
        auc: null,
        examples: [],
      };
    }),
  );
}
