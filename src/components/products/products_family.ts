import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldAwareEmbedding} from '../../../layers/field_aware_embedding';
import type {FieldSpec} from '../../../layers/field_layout';
import {lazyAdam} from '../../../optimizers/lazy_adam';
import type {Interaction} from '../../interactions';
import {ffm} from '../../models/ffm';
import {columnValues} from '../../row_major';
import {compileLike} from '../../stages/rebuild';
import {setOptimizer} from '../../tfjs_internals';
import type {LabeledRows} from '../../training/rows';
import type {Schedule} from '../../training/schedule';
import type {AdditiveLogit} from '../additive_logit';
import type {Component, VectorPenalty} from '../component';
import type {FittedFamily, Ids} from '../family';
import {featureCount} from '../linear/one_hot_design';
import type {LinearFit} from '../linear/ridge_regression';
import {setLinear} from '../linear_model';
import {modelProducts} from './model_products';
import {trainBySchedule, type Trainer} from './trainer';

/** Length of the vectors. */
const LENGTH = 8;
/** Values of a table that follows the dense Adam rule without a ridge, at most. */
export const DENSE_VALUES = 1_000_000;

/** Options of one training of products. */
export interface ProductsOptions {
  /** Logistic regression of the rows, which stays as it is. */
  linear: LinearFit;
  pairs: readonly Interaction[];
  penalty: VectorPenalty;
  schedule: Schedule;
  seed: number;
  trainer: Trainer;
  /** Name of the training, such as "products, ridge 10, in fold 1 of 4". */
  name: string;
}

/** Train an FFM of some pairs on top of logistic regression: one component a pair. */
export async function fitProducts(
  rows: LabeledRows,
  fields: readonly FieldSpec[],
  {linear, pairs, penalty, schedule, seed, trainer, name}: ProductsOptions,
): Promise<ProductsFamily> {
  const count = rows.ys.shape[0];
  const values = featureCount(fields);
  const exact = penalty.on === 'table' || (values * LENGTH * 2 * pairs.length) / fields.length <= DENSE_VALUES;
  const optimizer = lazyAdam({exact});
  const model = ffm({
    fields,
    embeddingDim: LENGTH,
    interactions: pairs,
    seed,
    optimizer,
    ...(penalty.on === 'table' ? {tableL2: penalty.ridge / (2 * count)} : {l2: penalty.l2}),
  });
  setOptimizer(model, optimizer, true);
  setLinear(model, linear);
  // Trained further, logistic regression would lose what its penalties hold.
  model.getLayer('linear').trainable = false;
  compileLike('autoSelect', model, model);
  try {
    await trainBySchedule(trainer, {
      name,
      purpose: 'base',
      model,
      train: rows,
      schedule: {...schedule, learningRate: schedule.learningRate / 2},
      seed,
    });
  } catch (error) {
    model.dispose();
    throw error;
  }
  return new ProductsFamily(model, pairs, penalty);
}

/** Products of the vectors of all its pairs. */
export class ProductsFamily implements FittedFamily {
  readonly components: readonly Component[];

  constructor(
    /** The model of all its pairs, without gates. */
    readonly model: tfl.LayersModel,
    private readonly pairs: readonly Interaction[],
    penalty: VectorPenalty,
  ) {
    this.components = pairs.map((interaction): Component => ({type: 'products', interaction, penalty}));
  }

  columns({ids, labels}: Ids): Float32Array[] {
    const xs = tf.tensor2d(ids, [labels.length, ids.length / labels.length], 'int32');
    const {products} = modelProducts(this.model, xs);
    xs.dispose();
    return this.pairs.map((_, p) => columnValues([products], p, this.pairs.length));
  }

  addTo(logit: AdditiveLogit, alpha: ArrayLike<number>): void {
    const embedding = this.model.layers.find(({name}) => name === 'embedding') as unknown as FieldAwareEmbedding;
    logit.addVectors({embedding, pairs: this.pairs, alpha: Array.from(alpha)});
  }

  dispose(): void {
    this.model.dispose();
  }
}
