import type {Order} from '../../interactions';
import type {RunRecord} from '../../record/run_record';

/** The gates of a run, each with the names of its fields by position. */
export function gatesOf({interactions}: Pick<RunRecord, 'interactions'>): Array<{order: Order; fields: string[]}> {
  const gates: Array<{order: Order; fields: string[]}> = [];
  for (const {gate, order, interaction, fields} of interactions) {
    gates[gate] ??= {order, fields: []};
    interaction.forEach((field, k) => {
      gates[gate].fields[field] = fields[k];
    });
  }
  return gates;
}
