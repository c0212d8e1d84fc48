import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {pruneModel, retrainModel, Selection, selectionOf} from 'tfjs-autofis';
import type {FieldSpec} from 'tfjs-autofis';
import type {ModelOptions} from 'tfjs-autofis/models';
import {generator, uniform} from '../helpers/random';
import {fieldsOf, zoo, ZooCase} from '../helpers/zoo';

/** A model of the zoo with some options, for exports. */
export interface ExportCase {
  title: string;
  fields: FieldSpec[];
  /** The model with weights drawn at random; the caller disposes it. */
  build(): tfl.LayersModel;
}

/** Options of a model, and what becomes of it before it is exported. */
interface Variant {
  name: string;
  fields: 'oneHot' | 'multiHot';
  options: Partial<ModelOptions>;
  slim?(model: tfl.LayersModel, selection: Selection): tfl.LayersModel;
}

/** Options that only training obeys, or that change the sizes of things: all that the command line has. */
const trained = {
  embeddingDropout: 0.1,
  dropout: 0.3,
  l2: 0.001,
  embeddingDim: 3,
  hiddenUnits: [6],
  attentionUnits: 3,
  pairUnits: [3, 2] as [number, number],
};

/** The command line's defaults. */
const defaults: Variant = {name: 'defaults', fields: 'oneHot', options: {dropout: 0.2, l2: 0.0001}};

const multiHot: Variant = {name: 'multi-hot, dropout everywhere', fields: 'multiHot', options: trained};
const shallow: Variant = {
  name: 'no hidden layers',
  fields: 'multiHot',
  options: {hiddenUnits: [], embeddingDropout: 0.2},
};
const HAS_NO_MLP = /^(lr|fm|autoFm|fwFm|ffm|autoFfm|afm|autoInt without)\b/;

/** Of the models with gates: gates of each form, and the slim models that are chosen among. */
const gatedVariants: Variant[] = [
  {name: 'not normalised', fields: 'oneHot', options: {gate: {batchNorm: false}, dropout: 0.2}},
  {name: 'without alpha', fields: 'oneHot', options: {gate: {useAlpha: false}, dropout: 0.2}},
  {name: 'slim, gated', fields: 'multiHot', options: trained, slim: retrainModel},
  {
    name: 'slim, plain',
    fields: 'oneHot',
    options: trained,
    slim: (model, selection) => retrainModel(model, selection, {alpha: 'none', batchNorm: false}),
  },
];

const pruned: Variant = {name: "the search's own, pruned", fields: 'multiHot', options: trained, slim: pruneModel};

/**
 * Every model: of one-hot fields, of multi-hot ones, without hidden layers where it has any; those with gates in every
 * form. Products of one order or of some pairs take fewer: those of both orders and of all pairs take every one.
 */
export const zooCases: ExportCase[] = zoo.flatMap(model => {
  // The form of a model with one table and with two differs in what reads which, whatever the other options are.
  if (model.options.thirdOrderTable === true || model.options.order === 2) return [exportCase(model, defaults)];
  const own = HAS_NO_MLP.test(model.title) ? [defaults, multiHot] : [defaults, multiHot, shallow];
  const isGated = /^auto(?!Int)/.test(model.title) && model.options.interactions === undefined;
  // A dense layer behind single products has a weight for each of them, which pruning refuses to cut.
  const canPrune = isGated && !model.title.startsWith('autoIpnn');
  return [...own, ...(isGated ? gatedVariants : []), ...(canPrune ? [pruned] : [])].map(each =>
    exportCase(model, each),
  );
});

function exportCase(model: ZooCase, {name, fields: kind, options, slim}: Variant): ExportCase {
  const fields = fieldsOf(model, kind);
  return {
    title: `${model.title}: ${name}`,
    fields,
    build: () => {
      const full = model.build({...model.options, fields, seed: 1, ...options});
      drawWeights(full, 2);
      if (slim === undefined) return full;
      // Nothing but the linear part reads field 0 then, where there is no MLP.
      const small = slim(
        full,
        selectionOf(full).filter(({interaction}) => !interaction.includes(0) && interaction.join() !== '1,3'),
      );
      full.dispose();
      if (slim !== pruneModel) drawWeights(small, 3);
      return small;
    },
  };
}

/** Gives every weight a value at random, such that probabilities stay away from 0 and 1. Some gates are closed. */
export function drawWeights(model: tfl.LayersModel, seed: number): void {
  const next = generator(seed);
  tf.tidy(() =>
    model.weights.forEach(weight => {
      // What a CrossLinear remembers is fitted, not drawn.
      if (weight.dtype === 'int32') return;
      const shape = weight.shape as number[];
      const count = tf.util.sizeFromShape(shape);
      const name = weight.originalName;
      weight.write(tf.tensor(valuesOf(name, shape, count), shape));
    }),
  );

  function valuesOf(name: string, shape: readonly number[], count: number): number[] {
    if (name.endsWith('/open')) return Array.from({length: count}, (_, p) => (p % 5 === 4 ? 0 : 1));
    if (name.endsWith('variance')) return uniform(next, count, 0.2, 1);
    const inputs = /kernel\d*$/.test(name) && !name.startsWith('linear') ? shape[shape.length - 2] : 4;
    const bound = 1.6 / Math.sqrt(inputs);
    return uniform(next, count, -bound, bound);
  }
}
