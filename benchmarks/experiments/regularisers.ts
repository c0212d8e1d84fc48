import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {retrainModel, Selection} from 'tfjs-autofis';
import {SeededDropout} from 'tfjs-autofis/layers';
import {compileArgs, findGates, mean, setOptimizer} from '../internals';

/*
 * Ways to keep the retrain of an AutoFM from overfitting. Each takes a compiled model and gives one that takes its
 * place, with its weights and its optimizer: that one is disposed, and the one that was given is not.
 *
 * A penalty on embeddings does not do that where products are normalised: it makes them smaller, and the normalisation
 * makes up for it.
 */

const gateOf = (model: tfl.LayersModel) => findGates('regularisers', model)[0].layer;

/** Compiles a model as `source` was, or with another loss, and with its optimizer. */
function compiledLike(
  model: tfl.LayersModel,
  source: tfl.LayersModel,
  loss: unknown = compileArgs(source).loss,
): tfl.LayersModel {
  const {optimizer} = source;
  model.compile({...compileArgs(source), optimizer, loss: loss as string});
  setOptimizer(model, optimizer, true);
  return model;
}

/** alpha stays where it is, so that each term has the variance alpha_p^2 at most. */
export function withFixedAlpha(model: tfl.LayersModel): tfl.LayersModel {
  (gateOf(model).alpha as unknown as {trainable: boolean}).trainable = false;
  return compiledLike(model, model);
}

/**
 * Adds weight * sum_p alpha_p^2 to the loss. Dropout of whole terms behind the normalisation, where each has variance
 * 1, is to second order such a penalty, too (Wager, Wang and Liang, NeurIPS 2013).
 */
export function withAlphaPenalty(model: tfl.LayersModel, weight: number): tfl.LayersModel {
  const {alpha} = gateOf(model);
  return compiledLike(model, model, (labels: tf.Tensor, predictions: tf.Tensor) =>
    tf.add(tfl.metrics.binaryCrossentropy(labels, predictions), tf.mul(weight, tf.sum(tf.square(alpha!.read())))),
  );
}

/**
 * Training drops entries of the embeddings in front of the products, a noise that grows with the embeddings; FM's
 * linear part stays whole.
 */
export function withDropout(model: tfl.LayersModel, rate: number, seed: number): tfl.LayersModel {
  const ids = model.inputs[0];
  const apply = (name: string, inputs: tfl.SymbolicTensor | tfl.SymbolicTensor[]) =>
    model.getLayer(name).apply(inputs) as tfl.SymbolicTensor;
  const dropped = new SeededDropout({rate, seed}).apply(apply('embedding', ids)) as tfl.SymbolicTensor;
  const outputs = apply('probability', apply('logit', [apply('linear', ids), apply('pairs', dropped)]));
  return compiledLike(tfl.model({inputs: ids, outputs}), model);
}

/**
 * A retrain without normalisation, sum_p w_p <e_i, e_j>, whose w stay as the search had them: w_p = c alpha_p /
 * sqrt(var_p + epsilon), with c such that |w_p| is 1 in the mean, as in FM. So the penalty on embeddings is one on the
 * products again.
 */
export function fixedScale(searched: tfl.LayersModel, selection: Selection, seed: number): tfl.LayersModel {
  const gate = gateOf(searched);
  const variances = gate.getWeights()[3].dataSync();
  const places = new Map(gate.interactions.map((interaction, p) => [interaction.join(), p]));
  const weights = selection.map(
    ({interaction, alpha}) => alpha / Math.sqrt(variances[places.get(interaction.join())!] + gate.epsilon),
  );
  const scale = mean(weights.map(Math.abs));
  const weighted = selection.map((s, p) => ({...s, alpha: weights[p] / scale}));
  return withFixedAlpha(retrainModel(searched, weighted, {alpha: 'warm', batchNorm: false, seed}));
}
