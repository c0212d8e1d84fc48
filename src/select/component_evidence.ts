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
import {dealtFolds, type Evidence, type FoldRows, foldRows} from './folds';
import {inParallel} from './in_parallel';

/** Gates on one held-out part are judged by folds of its rows. */
const GATE_FOLDS = 4;

/** Components of the held rows of one fold. */
export interface FoldComponents {
  components: Component[];
  /** Values of each component [rows]. */
  columns: Float32Array[];
}

/** Components of rows that they were not fitted to. */
export interface ComponentEvidence {
  components: Component[];
  /** Rows with the values of the components; their base is logistic regression. */
  rows: FoldedRows;
  /** Logistic regression of all rows, with the penalties that held rows prefer. */
  linear: LinearFit;
  /** Contribution of each field to the base of each row. */
  effects: Float32Array[];
}

export interface EvidenceArgs extends FamilyChoice {
  evidence: Evidence;
  /** Rows that chose what is judged, and so judge nothing. */
  screening: Int32Array;
  /** Logistic regression of all rows with several penalties. */
  fits: readonly LinearFit[];
  /** Gives what was computed for a fold before, or computes it. */
  remember(where: string, work: () => Promise<FoldComponents>): Promise<FoldComponents>;
}

/** Fit logistic regression and all families without each fold, and evaluate them on it. */
export async function componentEvidence(
  table: IdTable,
  options: FamilyOptions,
  {evidence, screening, fits, remember, ...choice}: EvidenceArgs,
): Promise<ComponentEvidence> {
  const {fields, seed, parallel, signal} = options;
  const known = new Set(screening);
  const parts = foldRows(table, evidence, seed, row => known.has(row));
  const base = linearEvidence(table, fields, {parts, fits, signal});
  const each = await inParallel(
    parallel,
    parts.map(({fitted, held}, k) => () => {
      const where = evidence.by === 'folds' ? `without fold ${k + 1} of ${parts.length}` : 'without the held-out part';
      return remember(where, async () => {
        const families = await fitFamilies(tableRows(table, fitted), options, {
          ...choice,
          where,
          linear: base.linears[k],
        });
        const judged = tableRows(table, held);
        const columns = families.flatMap(family => family.columns(judged));
        families.forEach(family => family.dispose());
        return {components: families.flatMap(({components}) => [...components]), columns};
      });
    }),
  );
  const {labels, weights} = base.judged;
  const folds = Uint8Array.from(parts.flatMap(({held}, k) => new Array<number>(held.length).fill(k)));
  return {
    ...joinedFolds(parts, each, {
      base: base.logits,
      labels,
      ...(weights === undefined ? {} : {weights}),
      folds: evidence.by === 'folds' ? folds : dealtFolds({labels, weights}, GATE_FOLDS, seed),
    }),
    linear: fits[base.best],
    effects: base.effects,
  };
}

/** Logistic regression on held rows: the penalties they prefer, its fit without each fold, logits and effects. */
function linearEvidence(
  table: IdTable,
  fields: readonly FieldSpec[],
  {parts, fits, signal}: {parts: readonly FoldRows[]; fits: readonly LinearFit[]; signal: AbortSignal | undefined},
) {
  const each = parts.map(({fitted, held}) => {
    signal?.throwIfAborted();
    return {judged: tableRows(table, held), fits: refitLinear(tableRows(table, fitted), fields, fits)};
  });
  const judged = tableRows(
    table,
    joined(
      Int32Array,
      parts.map(({held}) => held),
    ),
  );
  const scored = fits.map((_, e) => {
    const logits = joined(
      Float32Array,
      each.map(part => linearLogits(part.judged.ids, fields, part.fits[e])),
    );
    return {logits, loss: meanLoss(rowLosses(logits, judged), judged)};
  });
  const best = scored.reduce((least, {loss}, e) => (loss < scored[least].loss ? e : least), 0);
  const linears = each.map(part => part.fits[best]);
  const layout = new FieldLayout(
    'autoSelect',
    fields.map(field => ({...field, ignored: false})),
  );
  const effects = fields.map((_, f) =>
    joined(
      Float32Array,
      each.map(part => fieldEffect(layout, f, part.judged, part.fits[best].kernel)),
    ),
  );
  return {best, linears, judged, logits: scored[best].logits, effects};
}

/** The folds behind one another; a component that a fold has no evidence for is 0 there. */
function joinedFolds(
  parts: readonly FoldRows[],
  each: readonly FoldComponents[],
  rows: Omit<FoldedRows, 'products'>,
): Pick<ComponentEvidence, 'components' | 'rows'> {
  const all = new Map(each.flatMap(({components}) => components.map(one => [JSON.stringify(one), one] as const)));
  const position = new Map([...all.keys()].map((key, c) => [key, c]));
  const products = new Float32Array(rows.base.length * all.size);
  let row = 0;
  each.forEach(({components, columns}, k) => {
    components.forEach((component, c) => {
      const column = position.get(JSON.stringify(component))!;
      columns[c].forEach((value, i) => (products[(row + i) * all.size + column] = value));
    });
    row += parts[k].held.length;
  });
  return {components: [...all.values()], rows: {...rows, products}};
}
