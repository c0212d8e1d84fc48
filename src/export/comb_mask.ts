import {AutofisError} from '../errors';
import {allInteractions, compareInteractions, interactionName, Order} from '../interactions';
import type {Selection} from '../stages/selection';
import {readNpy, writeNpy} from './npy';

/** alpha of each interaction of a mask, which holds none: the centre of alpha's start in the paper. */
const ALPHA = 0.6;

/**
 * The selection of one gate as `comb_mask.npy`: 1 for each open interaction, in the order of itertools.combinations.
 */
export function encodeCombMask(where: string, selection: Selection, fields: readonly string[]): Uint8Array {
  const gates = [...new Set(selection.map(({gate}) => gate))];
  if (gates.length > 1) {
    throw new AutofisError(
      `${where}: a mask covers one gate, but \`selection\` holds those of gates ${gates.join(', ')}. ` +
        'Write selection.filter(({gate}) => gate === 0), or a .json file.',
    );
  }
  // An empty selection is a mask of pairs that keeps none.
  const all = allInteractions(fields.length, selection[0]?.order ?? 2);
  const mask = all.map(interaction =>
    selection.some(s => compareInteractions(s.interaction, interaction) === 0) ? 1 : 0,
  );
  return writeNpy(mask);
}

/**
 * The selection of a mask. It has no alpha, so every interaction gets 0.6, and no names, so they are those of `fields`;
 * only its length says whether it belongs to them.
 */
export function decodeCombMask(
  where: string,
  content: Uint8Array,
  fields: readonly string[],
  order: Order,
  gate: number,
): Selection {
  const mask = readNpy(where, content);
  const all = allInteractions(fields.length, order);
  if (mask.length !== all.length) {
    throw new AutofisError(
      `${where}: a mask of order ${order} for ${fields.length} fields has ${all.length} values. ` +
        `Received: ${mask.length}${fieldsOf(mask.length, order)}. Give \`fields\` the names of the fields that the ` +
        'mask was searched with.',
    );
  }
  const strange = mask.find(value => value !== 0 && value !== 1);
  if (strange !== undefined) throw new AutofisError(`${where}: a mask holds 0 and 1 only. Received: ${strange}.`);
  return all
    .filter((_, i) => mask[i] === 1)
    .map((interaction, i) => {
      const names = interaction.map(f => fields[f]);
      return {fields: names, alpha: ALPHA, rank: i + 1, order, interaction, gate};
    });
}

/** Return a part of a message that names the number of fields for a mask length, or "". */
function fieldsOf(length: number, order: Order): string {
  for (let m = order as number, count = 1; count <= length; m++, count = (count * m) / (m - order)) {
    if (count === length) return `, the length for ${m} fields`;
  }
  return '';
}

/** Check that the positions of each entry name the fields that it says. */
export function checkFieldNames(where: string, selection: Selection, fields: readonly string[]): void {
  for (const selected of selection) {
    const names = selected.interaction.map(f => fields[f]);
    if (names.some((name, k) => name !== selected.fields[k])) {
      throw new AutofisError(
        `${where}: ${interactionName(selected.fields)} has the positions [${selected.interaction}], which in ` +
          `\`fields\` are ${interactionName(names.map(name => name ?? 'none'))}. ` +
          'Give the fields of the model that was searched.',
      );
    }
  }
}
