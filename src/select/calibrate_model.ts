import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Calibration} from './recalibrate';

/** By which power of the slope a layer's weights grow, so that its part of the logit grows by the slope. */
const POWERS: Readonly<Record<string, number>> = {
  FieldLinear: 1,
  CrossLinear: 1,
  // Each product is of two vectors.
  FieldEmbedding: 0.5,
  FieldAwareEmbedding: 0.5,
};

/**
 * Build a calibration into the weights of `lr`, `fm` or `ffm`, with or without memorised crosses: afterwards the logit
 * is intercept + slope * what it was. Every format that the model is saved in then has it.
 *
 * @param calibration Its slope is above 0.
 */
export function calibrateModel(model: tfl.LayersModel, {intercept, slope}: Calibration): void {
  for (const layer of model.layers) {
    const power = POWERS[layer.getClassName()];
    if (power === undefined) continue;
    tf.tidy(() => {
      const [table, ...others] = layer.getWeights();
      const isLinear = layer.getClassName() === 'FieldLinear';
      layer.setWeights([
        tf.mul(table, slope ** power),
        ...(isLinear ? others.map(bias => tf.add(tf.mul(bias, slope), intercept)) : others),
      ]);
    });
  }
}
