import type {InteractionRecord, RunRecord} from '../record/run_record';

/** Position of each interaction within its gate, in the order of the record. */
export function positionsInGates(interactions: ReadonlyArray<Pick<InteractionRecord, 'gate'>>): number[] {
  const counts: number[] = [];
  return interactions.map(({gate}) => {
    counts[gate] = (counts[gate] ?? -1) + 1;
    return counts[gate];
  });
}

/** The step of a search after which the gate of each interaction was closed; null where it stayed open. */
export function closingSteps({interactions, selectedBy}: RunRecord): ReadonlyArray<number | null> {
  if (selectedBy.type === 'components') return interactions.map(() => null);
  const {closedAt} = selectedBy.search.alpha;
  const positions = positionsInGates(interactions);
  return interactions.map(({gate}, i) => closedAt[gate][positions[i]]);
}
