import type {Order} from '../../interactions';
import type {InteractionRecord, RunRecord} from '../../record/run_record';

/** Of more fields only those that are in a kept interaction are shown. */
const MOST_FIELDS = 40;

/** A gate of a run, and the fields to show of it: their names, and their positions, ascending. */
export interface ShownGate {
  order: Order;
  fields: string[];
  positions: number[];
  /** Whether these are the fields of kept interactions alone. */
  isPart: boolean;
}

/** The gates of a run. Of a table of many fields not all may interact. */
export function gatesOf({interactions}: Pick<RunRecord, 'interactions'>): ShownGate[] {
  const gates: InteractionRecord[][] = [];
  for (const record of interactions) (gates[record.gate] ??= []).push(record);
  return gates.map(own => {
    const all = namesOf(own);
    const kept = namesOf(own.filter(record => record.kept));
    const isPart = all.size > MOST_FIELDS && kept.size > 0;
    const shown = [...(isPart ? kept : all)].sort(([a], [b]) => a - b);
    return {
      order: own[0].order,
      fields: shown.map(([, name]) => name),
      positions: shown.map(([position]) => position),
      isPart,
    };
  });
}

/** The fields of interactions by position. */
function namesOf(interactions: readonly InteractionRecord[]): Map<number, string> {
  return new Map(interactions.flatMap(({interaction, fields}) => interaction.map((field, k) => [field, fields[k]])));
}
