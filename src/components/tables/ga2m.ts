import {FieldLayout, FieldSpec} from '../../../layers/field_layout';
import type {Interaction} from '../../interactions';
import type {CombinationWeights} from '../additive_logit';
import {settledRidge} from '../linear/empirical_ridge';
import type {ModelProducts} from '../products/model_products';
import {featureCount} from '../linear/one_hot_design';
import {linearLogits} from '../linear/ridge_path';
import {designOf, type IdTable, type LinearFit, RidgeRegression} from '../linear/ridge_regression';
import {CoarseField, coarseField} from './coarse_field';
import type {Ga2mRidges} from './ridges';
import {Cells} from './cells';
import {IdColumns} from './id_columns';

/**
 * A step that gains less than this share of the loss is the last. Weights of tables that say nearly the same settle
 * slowly, and what they say together is then settled.
 */
const ENOUGH = 1e-4;
/** Penalties of tables move slowly: steps are up to four times as long. */
const LONGEST = 4;

/**
 * Logistic regression with tables of some pairs and triples of fields, a GA2M (Lou et al., KDD 2013):
 *
 *   w0 + sum over fields w_{x_f} + sum over pairs and levels w_{level, cell(x_i, x_j)}.
 *
 * A pair has tables of up to 4 x 4, 8 x 8, 16 x 16 and 32 x 32 cells, each with its own penalty: where few cells are
 * enough the larger tables shrink to nothing. Values without an order have a cell each. Triples have tables in the same
 * way, of up to 4 x 4 x 4 cells and so on.
 *
 * @throws AutofisError from `of` if the ids are not those of the fields.
 * @example
 * const table = {ids: Int32Array.from(ids), labels};
 * const [linear] = ridgePath(table, fields, [10]);
 * const ridges = findTables(table, fields, {linear});
 * const ga2m = Ga2m.of(table, fields, ridges, {start: linear});
 * const logits = ga2m.logits(table);
 */
export class Ga2m {
  private constructor(
    private readonly fields: readonly FieldSpec[],
    readonly interactions: readonly Tables[],
    readonly fit: LinearFit,
  ) {}

  /**
   * Fit the weights to rows, in which the groups of values are found, too.
   *
   * @param table Ids of the rows and their labels.
   * @param fields Names and sizes of the fields of the ids.
   * @param ridges Penalties of the linear weights and of the tables, which say what interacts.
   * @param options The `start` of the weights: logistic regression. With `settled`, penalties are only where
   * {@link empiricalRidge} starts, which ends where the degrees of freedom change by less than this share of all.
   * @throws AutofisError if the ids are not those of the fields.
   */
  static of(
    table: IdTable,
    fields: readonly FieldSpec[],
    ridges: Ga2mRidges,
    {start, settled}: {start: LinearFit; settled?: number},
  ): Ga2m {
    const coarse = coarseFields(table, fields);
    const interactions = ridges.interactions.map(({interaction, tables}) => ({
      interaction,
      tables: tables.map(({level}) => ({
        level,
        cells: new Cells(
          interaction.map(f => coarse[f]!),
          level,
        ),
      })),
    }));
    const cells = interactions.flatMap(({tables}) => tables.map(group => group.cells));
    const rows = new IdColumns(table);
    const tables = cells.map(cell => {
      const ids = cell.addRows(rows);
      return {size: cell.size, ids};
    });
    const wide = wideFields(fields, interactions);
    const ridge = [...ridges.fields, ...ridges.interactions.flatMap(({tables}) => tables.map(group => group.ridge))];
    const kernel = new Float64Array(featureCount(wide));
    kernel.set(start.kernel);
    const design = designOf('Ga2m', table, fields).with(tables);
    const regression = new RidgeRegression(design, table, wide);
    const near = {ridge, kernel, bias: start.bias};
    const fit =
      settled === undefined
        ? regression.fit(ridge, near, ENOUGH)
        : settledRidge(regression, near, {settled, longest: LONGEST, enough: ENOUGH});
    return new Ga2m(fields, interactions, fit);
  }

  /** The penalties that it was fitted with. */
  get ridges(): Ga2mRidges {
    const [ridge, m] = [this.fit.ridge as readonly number[], this.fields.length];
    let k = m;
    return {
      fields: ridge.slice(0, m),
      interactions: this.interactions.map(({interaction, tables}) => ({
        interaction,
        tables: tables.map(({level}) => ({level, ridge: ridge[k++]})),
      })),
    };
  }

  /** Split the logits of rows into the contribution of each interaction, in their order, and the rest, z. */
  products({ids, labels}: Pick<IdTable, 'ids' | 'labels'>): ModelProducts {
    const rows = new IdColumns({ids, labels});
    const {kernel, bias} = this.fit;
    const products = new Float32Array(labels.length * this.interactions.length);
    const starts = this.starts();
    let k = 0;
    this.interactions.forEach(({tables}, p) => {
      for (const {cells} of tables) {
        const start = starts[k++];
        cells.ofRows(rows).forEach((cell, i) => {
          products[i * this.interactions.length + p] += kernel[start + cell];
        });
      }
    });
    return {products, base: Float32Array.from(linearLogits(ids, this.fields, {kernel: this.fieldPart(kernel), bias}))};
  }

  /** Logits of rows: [n]. */
  logits(rows: Pick<IdTable, 'ids' | 'labels'>): Float32Array {
    const {products, base} = this.products(rows);
    const count = this.interactions.length;
    return base.map((z, i) => {
      let sum = z;
      for (let k = i * count; k < (i + 1) * count; k++) sum += products[k];
      return sum;
    });
  }

  /** The weights of single values and the bias. */
  get linearPart(): {kernel: Float64Array; bias: number} {
    const {kernel, bias} = this.fit;
    return {kernel: this.fieldPart(kernel), bias};
  }

  /** The weights of each interaction: that of a combination of values is the sum over their cells. */
  combinationWeights(): CombinationWeights[] {
    const {kernel} = this.fit;
    const starts = this.starts();
    let k = 0;
    return this.interactions.map(({interaction, tables}) => {
      const levels = tables.map(({cells}) => ({cells, start: starts[k++]}));
      return {
        interaction,
        // The first table has the largest cells: what is in none of them is in no other either.
        combinations: tables[0].cells.combinations(),
        weightOf: ids => levels.reduce((sum, {cells, start}) => sum + kernel[start + cells.of(ids)], 0),
        others: 0,
      };
    });
  }

  /** Where the weights of each table begin. */
  private starts(): number[] {
    let at = featureCount(this.fields);
    return this.interactions.flatMap(({tables}) =>
      tables.map(({cells}) => {
        at += cells.size;
        return at - cells.size;
      }),
    );
  }

  private fieldPart(kernel: Float64Array): Float64Array {
    return kernel.subarray(0, featureCount(this.fields));
  }
}

/** The tables of one interaction, level by level. */
export interface Tables {
  interaction: Interaction;
  tables: Array<{level: number; cells: Cells}>;
}

/** The fields as tables read them; null for a multi-hot one, which has none. */
export function coarseFields(table: IdTable, fields: readonly FieldSpec[]): Array<CoarseField | null> {
  const layout = new FieldLayout('Ga2m', fields);
  return layout.embedded.map((field, f) =>
    field.width === undefined ? coarseField(table, field, layout.columnsOf(f).start) : null,
  );
}

/** The fields, and one for each table. */
function wideFields(fields: readonly FieldSpec[], interactions: readonly Tables[]): FieldSpec[] {
  return [
    ...fields,
    ...interactions.flatMap(({interaction, tables}) =>
      tables.map(({level, cells}) => ({name: `${interaction.join(' x ')} ${level}`, size: cells.size})),
    ),
  ];
}
