import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {LazyAdam} from '../../../optimizers/lazy_adam';
import {AutofisError} from '../../errors';
import type {LookupTable} from './lookup_table';
import type {Term} from './term';

/** The moments that a table has, by what optimizers call them. */
const SLOTS = ['m', 'v'] as const;

/**
 * Let loops start from the moments of the model's optimizer.
 *
 * @returns The steps that it has made.
 * @throws AutofisError where it has made steps, and lacks moments of a trainable weight.
 */
export async function takeMoments(model: tfl.LayersModel, terms: readonly Term[]): Promise<number> {
  const {optimizer} = model;
  if (optimizer.iterations === 0) return 0;
  const [iterations, ...saved] = await optimizer.getWeights();
  iterations.tensor.dispose();
  const byName = new Map(saved.map(({name, tensor}) => [name, tensor]));
  tablesOf(model, terms).forEach(({name, table}, i) => {
    for (const slot of SLOTS) {
      // Before its first step a restored optimizer knows weights by their places.
      const moment = byName.get(`${name}/${slot}`) ?? byName.get(`${i}/${slot}`);
      if (moment?.size !== table[slot].length) {
        throw new AutofisError(
          `fitModel: the optimizer must have moments of each trainable weight. Received for ${name}/${slot}: ` +
            `${moment === undefined ? 'none' : `[${moment.shape}]`}. Compile the model with a new optimizer.`,
        );
      }
      table[slot].set(moment.dataSync());
    }
  });
  return optimizer.iterations;
}

/** Give the optimizer the moments that loops have after `steps` steps in all. */
export async function giveMoments(model: tfl.LayersModel, terms: readonly Term[], steps: number): Promise<void> {
  const tables = tablesOf(model, terms);
  const named = [
    {name: 'iter', tensor: tf.scalar(steps, 'int32') as tf.Tensor},
    ...SLOTS.flatMap(slot =>
      tables.map(({shape, table}, i) => ({name: `${i}/${slot}`, tensor: tf.tensor(table[slot].slice(), shape)})),
    ),
  ];
  await (model.optimizer as unknown as LazyAdam).setWeights(named);
  tf.dispose(named.map(({tensor}) => tensor));
}

/** The tables of the trainable weights, in the model's order. */
function tablesOf(
  model: tfl.LayersModel,
  terms: readonly Term[],
): Array<{name: string; shape: number[]; table: LookupTable}> {
  const known = terms.flatMap(term => term.tables());
  return model.trainableWeights.map(weight => ({
    name: weight.name,
    shape: weight.shape as number[],
    table: known.find(each => each.weight === weight)!.table,
  }));
}
