import type {Row} from '../schema/row_encoder';
import {partName} from '../schema/value_names';
import {fieldSpecs, type FittedSchema} from '../schema/vocabulary';
import type {LogitShares} from './logit_shares';

/** Share of one field or one interaction in the logit of a row. */
export interface LogitShare {
  /** Names of its fields. */
  fields: readonly string[];
  /** The row's value of each field in words: "missing" where it has none, and "X (rare or new)" without an id of X. */
  values: readonly string[];
  share: number;
  /** The share with the values of the row, such as "origin ATL x hour 17: +0.42". */
  words: string;
}

/** Why a model gives a row its probability: logit = intercept + sum of the shares + others. */
export interface Explanation {
  probability: number;
  /** Log-odds of the probability. */
  logit: number;
  intercept: number;
  /** The strongest first; those of exactly 0 are left out. */
  shares: LogitShare[];
  /** Sum of the shares that `most` leaves out. */
  others: number;
}

/**
 * Writes the shares of rows with their values. A value without weights of its own is called rare or new, and an absent
 * one missing.
 */
export class Explainer {
  private readonly fields: ReadonlyArray<{name: string; column: string; at: number}>;
  private readonly columns: number;
  /** Names of the fields of each term. */
  private readonly names: readonly string[][];

  constructor(
    private readonly fitted: FittedSchema,
    private readonly logits: LogitShares,
  ) {
    let columns = 0;
    this.fields = fieldSpecs(fitted).map(({name, width = 1}, f) => {
      const at = columns;
      columns += width;
      return {name, column: fitted.schema.fields[f].column, at};
    });
    this.columns = columns;
    this.names = logits.terms.map(term => term.map(f => fitted.fields[f].name));
  }

  /**
   * @param ids Ids of the rows [n, W].
   * @param most Shares of a row at most.
   */
  async explain(rows: readonly Row[], ids: Int32Array, most: number): Promise<Explanation[]> {
    const {probabilities, logits, intercept, shares} = await this.logits.of(ids);
    const {terms} = this.logits;
    const T = terms.length;
    const strongest = new Strongest(Math.min(most, T));
    return rows.map((row, i) => {
      const start = i * T;
      const others = strongest.take(shares, start, start + T);
      const texts: string[] = [];
      const list: LogitShare[] = [];
      for (let k = 0; k < strongest.count; k++) {
        const t = strongest.positions[k] - start;
        const share = shares[start + t];
        const values: string[] = [];
        let text = '';
        for (const f of terms[t]) {
          texts[f] ??= this.value(row, ids, i, f);
          values.push(texts[f]);
          text += `${text === '' ? '' : ' x '}${this.fields[f].name} ${texts[f]}`;
        }
        list.push({fields: this.names[t], values, share, words: `${text}: ${shareText(share)}`});
      }
      return {probability: probabilities[i], logit: logits[i], intercept, shares: list, others};
    });
  }

  /** A row's value of a field, in words. */
  private value(row: Row, ids: Int32Array, i: number, f: number): string {
    const {column, at} = this.fields[f];
    const {missingId, unseenId} = this.fitted.fields[f];
    const rule = this.fitted.schema.fields[f];
    const id = ids[i * this.columns + at];
    if (id === missingId) return 'missing';
    if (rule.type === 'dateTime') return partName(rule, id - 1);
    const value = row[column];
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    return id === unseenId ? `${text} (rare or new)` : text;
  }
}

/** Finds the numbers that are farthest from 0, of which zeros are none. It loops without closures, for all rows. */
class Strongest {
  /** Their positions, the strongest first. */
  readonly positions: Int32Array;
  count = 0;

  constructor(most: number) {
    this.positions = new Int32Array(most);
  }

  /** Take those of the numbers from `start` to `end`, and return the sum of the others. */
  take(values: Float64Array, start: number, end: number): number {
    const {positions} = this;
    const most = positions.length;
    let [count, others] = [0, 0];
    for (let t = start; t < end; t++) {
      const size = Math.abs(values[t]);
      if (size === 0) continue;
      if (count === most) {
        const last = positions[most - 1];
        if (size <= Math.abs(values[last])) {
          others += values[t];
          continue;
        }
        others += values[last];
        count--;
      }
      let at = count++;
      for (; at > 0 && Math.abs(values[positions[at - 1]]) < size; at--) positions[at] = positions[at - 1];
      positions[at] = t;
    }
    this.count = count;
    return others;
  }
}

/**
 * Give the reasons of a probability as plain JSON: base + sum of the shares + others = logit, up to rounding.
 *
 * @example
 * JSON.stringify((await bundle.explain(rows, {most: 3})).map(reasonsOf));
 */
export function reasonsOf({intercept, shares, others}: Explanation) {
  return {base: intercept, reasons: shares.map(({fields, values, share}) => ({fields, values, share})), others};
}

/** Write a share with its sign, two digits. */
export const shareText = (share: number) => `${share < 0 ? '-' : '+'}${Math.abs(share).toFixed(2)}`;
