import type {FieldSpec} from '../../../layers/field_layout';
import {columnValues} from '../../row_major';
import type {AdditiveLogit} from '../additive_logit';
import {centred} from '../centred_family';
import type {Component} from '../component';
import type {FittedFamily, Ids} from '../family';
import {linearLogits} from '../linear/ridge_path';
import type {IdTable, LinearFit} from '../linear/ridge_regression';
import {evidentTables} from './find_tables';
import type {Ga2m} from './ga2m';
import type {Ga2mRidges} from './ridges';

/**
 * Fit tables of pairs and triples with penalties that are known ({@link findTables}), those that these rows, too, have
 * evidence for beyond logistic regression.
 *
 * @param linear Logistic regression of these rows.
 * @returns Null where rows have evidence for none.
 */
export function fitTables(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, ridges}: {linear: LinearFit; ridges: Ga2mRidges},
): FittedFamily | null {
  const fitted = evidentTables(table, fields, {linear, ridges});
  return fitted === null ? null : centred(new TablesFamily(fields, fitted, linear), table);
}

class TablesFamily implements FittedFamily {
  readonly components: readonly Component[];

  constructor(
    private readonly fields: readonly FieldSpec[],
    private readonly fitted: Ga2m,
    private readonly linear: LinearFit,
  ) {
    this.components = [
      ...fitted.interactions.map(({interaction}): Component => ({type: 'tables', interaction})),
      {type: 'linear', of: 'tables'},
    ];
  }

  columns(rows: Ids): Float32Array[] {
    const {products, base} = this.fitted.products(rows);
    const count = this.components.length - 1;
    const linear = linearLogits(rows.ids, this.fields, this.linear);
    return [
      ...Array.from({length: count}, (_, p) => columnValues([products], p, count)),
      base.map((z, i) => z - linear[i]),
    ];
  }

  addTo(logit: AdditiveLogit, alpha: ArrayLike<number>): void {
    this.fitted.combinationWeights().forEach((weights, p) => {
      if (alpha[p] > 0) logit.addCombinations(weights, alpha[p]);
    });
    const share = alpha[this.components.length - 1];
    logit.addLinear(this.fitted.linearPart, share);
    logit.addLinear(this.linear, -share);
  }

  dispose(): void {}
}
