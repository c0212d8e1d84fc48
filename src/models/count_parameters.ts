import type * as tfl from '@tensorflow/tfjs-layers';

/** Count the parameters of a model: the numbers in all its weights except ids that a layer looks up. */
export function countParameters(model: tfl.LayersModel): number {
  return model.weights
    .filter(({dtype}) => dtype !== 'int32')
    .reduce((sum, {shape}) => sum + shape.reduce<number>((product, size) => product * (size ?? 1), 1), 0);
}
