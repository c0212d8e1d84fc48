import type {FieldValue, Outcome} from '../../schema/rules/rule';
import {ruleEncoder} from '../../schema/rule_encoder';
import type {FieldRule} from '../../schema/schema';
import {type FittedField, hasVocabulary} from '../../schema/vocabulary';

/** The codes of a field: that of row i is `items[first + i * step]`. */
export interface Codes {
  items: Int32Array;
  first: number;
  step: number;
}

/** Rows whose values are codes, those of the fields in their order. */
export interface CodedRows {
  codes: readonly Codes[];
  labels: Uint8Array;
  weights?: Float32Array;
  groups?: Int32Array;
}

/** Outcomes as `FieldCodes.table` holds them. */
export const OUTCOME: Record<Outcome, number> = {known: 0, missing: 1, invalid: 1, unseen: 2};

/** Translation of a field's codes into ids. */
export interface FieldCodes {
  width: number;
  /** The ids of each code, `width` a code, and what became of the value. Absent where a code is the id. */
  table?: {ids: Int32Array; outcomes: Uint8Array};
  /** True if the id UNSEEN stands for an unseen value. */
  hasUnseen: boolean;
}

/** The ids of values, each encoded once: the code 0 is missing, that of value i is 1 + i. */
export function encodedValues(rule: FieldRule, field: FittedField, values: readonly FieldValue[]): FieldCodes {
  const encoder = ruleEncoder(rule, field);
  const {width} = encoder;
  const table = {ids: new Int32Array((values.length + 1) * width), outcomes: new Uint8Array(values.length + 1)};
  [null, ...values].forEach((value, code) => {
    table.outcomes[code] = OUTCOME[encoder.encode(value, table.ids, code * width)];
  });
  return {width, table, hasUnseen: hasVocabulary(rule)};
}
