import {FieldLayout, type FieldSpec} from '../../layers/field_layout';
import type {Component} from '../components/component';
import {refitLinear} from '../components/linear/linear_family';
import {fieldEffect} from '../components/linear/field_effect';
import {linearLogits} from '../components/linear/ridge_path';
import type {IdTable, LinearFit} from '../components/linear/ridge_regression';
import {joined} from '../components/linear_model';
import {tableRows} from '../components/table_rows';
import type {FoldedRows} from '../decision/cross_fit';
import {meanLoss, rowLosses} from '../decision/row_losses';
import {type FamilyChoice, type FamilyOptions, fitFamilies} from './family_fits';
import {dealtFolds, type DecisionRows, type Evidence} from './folds';
import {inParallel} from '../training/in_parallel';

/** Gates on one held-out part are judged by folds of its rows. */
const GATE_FOLDS = 4;

/** Components of the rows that a fold judges: its held rows, and behind them the fresh ones. */
export interface FoldComponents {
  components: Component[];
  /** Values of each component [rows]. */
  columns: Float32Array[];
}

/** Components of rows that they were not fitted to; their base is logistic regression. */
export interface ComponentEvidence {
  components: Component[];
  /** Rows that gates learn from. */
  rows: FoldedRows;
  /** Rows that judge gates, with the means over folds of what components and base say of them. */
  fresh: FoldedRows;
  /** Logistic regression of all rows, with the penalties that held rows prefer. */
  linear: LinearFit;
  /** Contribution of each field to the base of each fresh row. */
  effects: Float32Array[];
}

export interface EvidenceArgs extends FamilyChoice {
  evidence: Evidence;
  parts: DecisionRows;
  /** Logistic regression of all rows with several penalties. */
  fits: readonly LinearFit[];
  /** Gives what was computed for a fold before, or computes it. */
  remember(where: string, work: () => Promise<FoldComponents>): Promise<FoldComponents>;
}

/** Fit logistic regression and all families without each fold, and evaluate them on it and on the fresh rows. */
export async function componentEvidence(
  table: IdTable,
  options: FamilyOptions,
  {evidence, parts, fits, remember, ...choice}: EvidenceArgs,
): Promise<ComponentEvidence> {
  const {fields, seed, parallel, signal} = options;
  const {folds, fresh} = parts;
  const held = tableRows(
    table,
    joined(
      Int32Array,
      folds.map(fold => fold.held),
    ),
  );
  const judged = folds.map(fold => tableRows(table, joined(Int32Array, [fold.held, fresh])));
  const {best, base, effects, linears} = linearEvidence(table, fields, {parts, held, judged, fits, signal});
  const foldFits = await inParallel(
    parallel,
    folds.map(({fitted}, k) => () => {
      const where = evidence.by === 'folds' ? `without fold ${k + 1} of ${folds.length}` : 'without the held-out part';
      return remember(where, async () => {
        const linear = linears[k];
        const families = await fitFamilies(tableRows(table, fitted), options, {...choice, where, linear});
        const columns = families.flatMap(family => family.columns(judged[k]));
        families.forEach(family => family.dispose());
        return {components: families.flatMap(({components}) => [...components]), columns};
      });
    }),
  );
  const foldOf = Uint8Array.from(folds.flatMap(({held: {length}}, k) => new Array<number>(length).fill(k)));
  const {components, products} = joinedComponents(parts, foldFits);
  return {
    components,
    rows: {
      ...labelled(held),
      base: base.held,
      products: products.held,
      folds: evidence.by === 'folds' ? foldOf : dealtFolds(held, GATE_FOLDS, seed),
    },
    fresh: {
      ...labelled(tableRows(table, fresh)),
      base: base.fresh,
      products: products.fresh,
      folds: new Uint8Array(fresh.length),
    },
    linear: fits[best],
    effects: effects.map(effect => ofFolds(parts, effect).fresh),
  };
}

function labelled({labels, weights, groups}: IdTable): Pick<FoldedRows, 'labels' | 'weights' | 'clusters'> {
  return {labels, ...(weights && {weights}), ...(groups && {clusters: groups})};
}

/** Values of the held rows of all folds, behind one another, and the mean over folds of those of the fresh rows. */
function ofFolds(
  {folds, fresh}: DecisionRows,
  values: ReadonlyArray<ArrayLike<number> | undefined>,
): {held: Float32Array; fresh: Float32Array} {
  const count = folds.reduce((sum, {held}) => sum + held.length, 0);
  const result = {held: new Float32Array(count), fresh: new Float32Array(fresh.length)};
  let row = 0;
  folds.forEach(({held: {length}}, k) => {
    const judged = values[k];
    if (judged !== undefined) {
      for (let i = 0; i < length; i++) result.held[row + i] = judged[i];
      for (let i = 0; i < fresh.length; i++) result.fresh[i] += judged[length + i] / folds.length;
    }
    row += length;
  });
  return result;
}

/** Logistic regression on judged rows: the penalties they prefer, its fit without each fold, logits and effects. */
function linearEvidence(
  table: IdTable,
  fields: readonly FieldSpec[],
  {
    parts,
    held,
    judged,
    fits,
    signal,
  }: Pick<EvidenceArgs, 'parts' | 'fits'> & Pick<FamilyOptions, 'signal'> & {held: IdTable; judged: readonly IdTable[]},
) {
  const refits = parts.folds.map(({fitted}) => {
    signal?.throwIfAborted();
    return refitLinear(tableRows(table, fitted), fields, fits);
  });
  const scored = fits.map((_, e) => {
    const logits = refits.map((fold, k) => linearLogits(judged[k].ids, fields, fold[e]));
    const base = ofFolds(parts, logits);
    return {base, loss: meanLoss(rowLosses(base.held, held), held)};
  });
  const best = scored.reduce((least, {loss}, e) => (loss < scored[least].loss ? e : least), 0);
  const layout = new FieldLayout(
    'autoSelect',
    fields.map(field => ({...field, ignored: false})),
  );
  const linears = refits.map(fold => fold[best]);
  const effects = fields.map((_, f) => linears.map(({kernel}, k) => fieldEffect(layout, f, judged[k], kernel)));
  return {best, linears, base: scored[best].base, effects};
}

/** The components of all folds; one that a fold has no evidence for is 0 there. */
function joinedComponents(parts: DecisionRows, foldFits: readonly FoldComponents[]) {
  const all = new Map(foldFits.flatMap(({components}) => components.map(one => [JSON.stringify(one), one] as const)));
  const columnOf = foldFits.map(
    ({components, columns}) => new Map(components.map((one, c) => [JSON.stringify(one), columns[c]])),
  );
  const count = parts.folds.reduce((sum, {held}) => sum + held.length, 0);
  const products = {held: new Float32Array(count * all.size), fresh: new Float32Array(parts.fresh.length * all.size)};
  [...all.keys()].forEach((key, c) => {
    const values = ofFolds(
      parts,
      columnOf.map(fold => fold.get(key)),
    );
    values.held.forEach((value, i) => (products.held[i * all.size + c] = value));
    values.fresh.forEach((value, i) => (products.fresh[i * all.size + c] = value));
  });
  return {components: [...all.values()], products};
}
