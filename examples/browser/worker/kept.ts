import type {Selection} from 'tfjs-autofis';
import {countGroups, type GroupCounts} from '../../../src/record/interaction_auc';
import {strongestValues} from '../../../src/record/value_examples';
import type {Kept} from '../protocol';
import {type Dataset, fieldsOf, valueNames} from './dataset';

/** Kept interactions that are told with their values, the strongest; the others without. */
const MOST = 40;

/** The kept interactions, each with the values whose rate their own rates explain least. */
export function keptOf(selection: Selection, dataset: Dataset): Kept[] {
  const {train} = dataset;
  const fields = fieldsOf(dataset);
  const names = valueNames(dataset.fitted);
  const singles = new Map<number, GroupCounts>();
  const single = (field: number) => {
    if (!singles.has(field)) singles.set(field, countGroups(fields, [field], train));
    return singles.get(field)!;
  };
  return selection.map(({gate, interaction, fields: own, alpha}, i) => ({
    gate,
    interaction,
    fields: own,
    alpha,
    examples:
      i >= MOST
        ? []
        : strongestValues({fields, interaction, train, counts: countGroups(fields, interaction, train), single, names}),
  }));
}
