import type {Decision} from '../select/decision';
import type {InteractionRecord} from './run_record';

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
