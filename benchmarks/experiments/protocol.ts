import type * as tfl from '@tensorflow/tfjs-layers';
import type {ModelOptions} from 'tfjs-autofis/models';
import {lazyAdam} from 'tfjs-autofis/optimizers';
import {setOptimizer} from '../internals';
import type {DataName} from './data';
import type {TrainingArgs} from './runs';

/** Whether a model has an MLP: its penalty differs, and dropout is for it alone. */
export type Kind = 'shallow' | 'deep';

/**
 * How models are trained on a data set: d 16, MLP of 3 x 128, Adam 1e-3 by the dense rule, a penalty on the batch's
 * embeddings for shallow models, dropout and a small penalty for deep ones, early stopping on validation AUC.
 */
export interface Protocol {
  training: TrainingArgs;
  /** A model of the library with these options, compiled; `dispose()` disposes its optimizer, too. */
  build(of: (options: ModelOptions) => tfl.LayersModel, options: ModelOptions): tfl.LayersModel;
}

const trainings: Record<DataName, TrainingArgs> = {
  frappe: {batchSize: 500, epochs: 110, patience: 3, leastEpochs: 15},
  adult: {batchSize: 500, epochs: 60, patience: 3, leastEpochs: 10},
  movielens: {batchSize: 2000, epochs: 60, patience: 1, leastEpochs: 3},
  flights: {batchSize: 2000, epochs: 40, patience: 1, leastEpochs: 10},
  flights3m: {batchSize: 2000, epochs: 40, patience: 1, leastEpochs: 2},
  criteo: {batchSize: 2000, epochs: 10, patience: 1, leastEpochs: 1},
  avazu: {batchSize: 2000, epochs: 10, patience: 1, leastEpochs: 1},
};

const penalties: Record<DataName, number> = {
  frappe: 0.003,
  adult: 0.001,
  movielens: 0.001,
  flights: 0,
  flights3m: 0,
  criteo: 0,
  avazu: 0,
};
const dropouts: Record<DataName, number> = {
  frappe: 0.3,
  adult: 0.3,
  movielens: 0.2,
  flights: 0,
  flights3m: 0,
  criteo: 0,
  avazu: 0,
};

/** The protocol of a data set for one kind of model. */
export function protocol(data: DataName, kind: Kind): Protocol {
  return {
    training: trainings[data],
    build(of, options) {
      const own =
        kind === 'shallow' ? {l2: penalties[data]} : {l2: penalties[data] === 0 ? 0 : 1e-4, dropout: dropouts[data]};
      // The lazy rule moves rows of rare values far less, and these data sets have many of them.
      const optimizer = lazyAdam({exact: true});
      const model = of({...own, ...options, optimizer});
      setOptimizer(model, optimizer, true);
      return model;
    },
  };
}

/**
 * The same training, in which nothing is stopped on the plateau of shallow models without BN: their products begin near
 * 0, and validation AUC may first stand still at that of LR. On Frappe a retrain of 14 pairs has .9264 if it may stop
 * after 15 epochs, .9479 after 110.
 */
export function beyondPlateau(data: DataName, training: TrainingArgs): TrainingArgs {
  return {...training, leastEpochs: data === 'frappe' ? 40 : training.leastEpochs};
}
