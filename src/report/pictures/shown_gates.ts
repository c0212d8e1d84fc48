import type {Order} from '../../interactions';
import type {InteractionRecord, RunRecord} from '../../record/run_record';

/** Number of fields above which only those of kept interactions are shown. */
const MOST_FIELDS = 40;

/** The interactions of one order of a gate, and the fields to show of them. */
export interface ShownGate {
  order: Order;
  /** Positions of the interactions in the run. */
  interactions: number[];
  /** Names of the fields, and their positions, ascending. */
  fields: string[];
  positions: number[];
  /** True where `fields` holds only the fields of kept interactions. */
  isPart: boolean;
}

/** The gates with a kept interaction, pairs and triples apart. Of a table of many fields not all may interact. */
export function shownGates({interactions}: Pick<RunRecord, 'interactions'>): ShownGate[] {
  const gates = new Map<string, number[]>();
  interactions.forEach(({gate, order}, i) => {
    const key = `${gate}:${order}`;
    if (!gates.has(key)) gates.set(key, []);
    gates.get(key)!.push(i);
  });
  return [...gates.values()].flatMap(members => {
    const records = members.map(i => interactions[i]);
    const ofKept = namesOf(records.filter(record => record.kept));
    if (ofKept.size === 0) return [];
    const all = namesOf(records);
    const isPart = all.size > MOST_FIELDS;
    const shown = [...(isPart ? ofKept : all)].sort(([a], [b]) => a - b);
    return {
      order: records[0].order,
      interactions: members,
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
