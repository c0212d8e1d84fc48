import {AutofisError, show} from '../errors';
import {interactionName} from '../interactions';
import type {Gate} from './gates';
import type {Selection} from './selection';

/** Check that every entry of `selection` is an interaction that its gate in the model computes. */
export function checkSelection(where: string, selection: Selection, gates: readonly Gate[]): void {
  if (!Array.isArray(selection)) {
    throw new AutofisError(
      `${where}: \`selection\` must be the list that \`search.selection\` gives. Received: ${show(selection)}.`,
    );
  }
  selection.forEach((selected, i) => {
    const named = selected?.fields ? interactionName(selected.fields) : show(selected);
    checkSelected(`${where}: selection[${i}] (${named})`, selected, gates);
  });
  const keys = selection.map(({gate, interaction}) => `${gate}:${interaction}`);
  const twice = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  if (twice >= 0)
    throw new AutofisError(
      `${where}: \`selection\` holds ${interactionName(selection[twice].fields)} twice. Remove one.`,
    );
}

/** Check one entry of a selection; `at` names it. */
function checkSelected(at: string, selected: Selection[number], gates: readonly Gate[]): void {
  if (!Number.isInteger(selected?.gate)) {
    throw new AutofisError(
      `${at} must be {fields, alpha, rank, order, interaction, gate}, as \`search.selection\` has it. To name ` +
        'interactions yourself, give the gate or the model `interactions`.',
    );
  }
  const gate = gates[selected.gate];
  if (gate === undefined) {
    throw new AutofisError(
      `${at} belongs to gate ${selected?.gate}, but the model has ${gates.length}. ` +
        'Use the selection with the model that it was searched in.',
    );
  }
  if (typeof selected.alpha !== 'number' || !Number.isFinite(selected.alpha)) {
    throw new AutofisError(`${at}: \`alpha\` must be a finite number. Received: ${selected.alpha}.`);
  }
  const names = selected.interaction?.map(f => gate.fieldNames[f]);
  if (!gate.layer.interactions.some(known => known.join() === selected.interaction?.join())) {
    throw new AutofisError(
      `${at}: gate ${selected.gate} of the model does not compute the fields ` +
        `[${selected.interaction}] of order ${gate.layer.order}. Use the selection with the model that it was ` +
        'searched in.',
    );
  }
  if (names.some((name, k) => name !== selected.fields?.[k])) {
    throw new AutofisError(
      `${at} comes from other fields: in this model positions [${selected.interaction}] are ` +
        `${interactionName(names)}. Search this model, or build it with the fields of the selection.`,
    );
  }
}
