import type {TrainingArgs} from 'tfjs-autofis';
import type {ModelOptions} from 'tfjs-autofis/models';
import type {DataName} from './data';

/** Whether a model has an MLP: its penalty differs, and dropout is for it alone. */
export type Kind = 'shallow' | 'deep';

/**
 * How models are trained on a data set: d 16, MLP of 3 x 128, Adam 1e-3, a penalty on the batch's embeddings for shallow
 * models, dropout and a small penalty for deep ones, early stopping on validation AUC.
 */
export interface Protocol {
  training: Required<TrainingArgs>;
  model: Pick<ModelOptions, 'l2' | 'dropout'>;
}

const trainings: Record<DataName, Required<TrainingArgs>> = {
  frappe: {batchSize: 500, epochs: 110, patience: 3, leastEpochs: 15},
  adult: {batchSize: 500, epochs: 60, patience: 3, leastEpochs: 10},
  movielens: {batchSize: 2000, epochs: 60, patience: 1, leastEpochs: 3},
  flights: {batchSize: 2000, epochs: 40, patience: 1, leastEpochs: 10},
};

const penalties: Record<DataName, number> = {frappe: 0.003, adult: 0.001, movielens: 0.001, flights: 0};
const dropouts: Record<DataName, number> = {frappe: 0.3, adult: 0.3, movielens: 0.2, flights: 0};

/** The protocol of a data set for one kind of model. */
export function protocol(data: DataName, kind: Kind): Protocol {
  return {
    training: trainings[data],
    model: kind === 'shallow' ? {l2: penalties[data]} : {l2: data === 'flights' ? 0 : 1e-4, dropout: dropouts[data]},
  };
}
