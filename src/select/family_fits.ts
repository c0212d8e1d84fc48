import * as tf from '@tensorflow/tfjs-core';
import type {FieldSpec} from '../../layers/field_layout';
import {centred} from '../components/centred_family';
import {componentOf, fitCells} from '../components/cells/cells_family';
import type {CellsPlan} from '../components/cells/find_cells';
import type {Component, VectorPenalty} from '../components/component';
import type {FittedFamily} from '../components/family';
import type {IdTable, LinearFit} from '../components/linear/ridge_regression';
import {fitProducts} from '../components/products/products_family';
import type {Trainer} from '../components/products/trainer';
import type {Ga2mRidges} from '../components/tables/ridges';
import {fitTables} from '../components/tables/tables_family';
import type {Interaction} from '../interactions';
import type {LabeledRows} from '../training/rows';
import type {Schedule} from '../training/schedule';
import {yieldToEventLoop} from '../training/event_loop';
import {inParallel} from '../training/in_parallel';

/** Tables and cells that may be fitted, each null where there are none; plain data. */
export interface FamilyPlan {
  tables: Ga2mRidges | null;
  cells: CellsPlan | null;
}

/** Options that all families of a selection share. */
export interface FamilyOptions {
  fields: readonly FieldSpec[];
  /** Pairs that may have products. */
  pairs: readonly Interaction[];
  plan: FamilyPlan;
  schedule: Schedule;
  seed: number;
  trainer: Trainer;
  parallel: number;
  signal: AbortSignal | undefined;
}

/** The families to fit beside logistic regression. */
export interface FamilyChoice {
  tables: boolean;
  cells: boolean;
  penalties: readonly VectorPenalty[];
}

/**
 * Fit families on top of logistic regression of the same rows.
 *
 * @param where The rows in words, such as "in fold 1 of 4".
 * @returns Families without evidence are left out.
 */
export async function fitFamilies(
  table: IdTable,
  {fields, pairs, plan, schedule, seed, trainer, parallel, signal}: FamilyOptions,
  {where, linear, tables, cells, penalties}: FamilyChoice & {where: string; linear: LinearFit},
): Promise<FittedFamily[]> {
  const rows = tensorsOf(table);
  try {
    const others = async (): Promise<FittedFamily[]> => {
      const fits = [
        () => (tables && plan.tables !== null ? fitTables(table, fields, {linear, ridges: plan.tables}) : null),
        () => (cells && plan.cells !== null ? fitCells(table, fields, {linear, plan: plan.cells, seed}) : null),
      ];
      const fitted: FittedFamily[] = [];
      for (const fit of fits) {
        await yieldToEventLoop();
        signal?.throwIfAborted();
        const family = fit();
        if (family !== null) fitted.push(family);
      }
      return fitted;
    };
    const products = penalties.map(penalty => async (): Promise<FittedFamily[]> => {
      signal?.throwIfAborted();
      const name = `products, ${penaltyInWords(penalty)}, ${where}`;
      const products = await fitProducts(rows, fields, {linear, pairs, penalty, schedule, seed, trainer, name});
      return [centred(products, table)];
    });
    const families = await inParallel(parallel, [...products, others], lost =>
      lost.forEach(family => family.dispose()),
    );
    return families.flat();
  } finally {
    tf.dispose(rows as never);
  }
}

/** Plan the tables and cells that are among these components. */
export function restrictedPlan({tables, cells}: FamilyPlan, components: readonly Component[]): FamilyPlan {
  const known = new Set(components.map(component => JSON.stringify(component)));
  const has = (component: Component) => known.has(JSON.stringify(component));
  return {
    tables: tables && {
      ...tables,
      interactions: tables.interactions.filter(({interaction}) => has({type: 'tables', interaction})),
    },
    cells: cells && {...cells, sets: cells.sets.filter(({fields}) => has(componentOf(fields)))},
  };
}

/** A penalty in words: "ridge 10". */
export function penaltyInWords(penalty: VectorPenalty): string {
  return penalty.on === 'table' ? `ridge ${penalty.ridge}` : `penalty ${penalty.l2} a batch`;
}

/** Rows as tensors, which the caller disposes. */
export function tensorsOf({ids, labels, weights}: IdTable): LabeledRows {
  return {
    xs: tf.tensor2d(ids, [labels.length, ids.length / labels.length], 'int32'),
    ys: tf.tensor2d(Float32Array.from(labels), [labels.length, 1]),
    ...(weights === undefined ? {} : {weights: tf.tensor1d(Float32Array.from(weights))}),
  };
}
