import * as tf from '@tensorflow/tfjs-core';
import * as lib from 'tfjs-autofis';
import {fm} from 'tfjs-autofis/models';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../src/checks';
import {AutofisError, show} from '../src/errors';
import {gatedModel} from './helpers/models';

describe('a message names the argument, its rule and the value received', () => {
  it.each<[() => unknown, string]>([
    [() => checkInteger('Thing', 'size', 1.5, 1), '`size` must be an integer >= 1. Received: 1.5.'],
    [() => checkInteger('Thing', 'size', null, 1), '`size` must be an integer >= 1. Received: null.'],
    [() => checkNumber('Thing', 'rate', 1, '[0, 1)'), '`rate` must be a number in [0, 1). Received: 1.'],
    [() => checkNumber('Thing', 'rate', NaN, '[0, 1]'), '`rate` must be a number in [0, 1]. Received: NaN.'],
    [() => checkNumber('Thing', 'rate', '1', '[0, 1]'), '`rate` must be a number in [0, 1]. Received: "1".'],
    [() => checkChoice('Thing', 'by', 'max', ['sum', 'each']), '`by` must be one of "sum", "each". Received: "max".'],
    [() => checkKeys('Thing', null as never, ['order']), 'the options must be an object. Received: null.'],
    [
      () => checkKeys('Thing', {ordr: 2}, ['order', 'name']),
      '`ordr` must not be given: the options are order, name. Received: 2.',
    ],
  ])('%#', (check, message) => expect(check).toThrow(new AutofisError(`Thing: ${message}`)));

  it('takes the ends of an interval as they are written', () => {
    checkInteger('Thing', 'size', 1, 1);
    checkNumber('Thing', 'rate', 0, '[0, 1)');
    checkNumber('Thing', 'rate', 1, '[0, 1]');
    checkNumber('Thing', 'rate', -5, '(-Infinity, Infinity)');
    expect(() => checkNumber('Thing', 'rate', 0, '(0, Infinity)')).toThrow();
  });

  it('shows tensors by their shape, and at most 200 characters of other values', () => {
    expect(show({dataId: {}, shape: [1, 2], dtype: 'int32', kept: false})).toBe('a tensor [1,2] of int32');
    expect(show('x'.repeat(500))).toHaveLength(200);
  });
});

const fields = [
  {name: 'a', size: 4},
  {name: 'tags', size: 3, width: 2},
];
const interactions = [[0, 1]];
const data = () => ({xs: tf.zeros([2, 2]), ys: tf.zeros([2, 1])});

type Make = (options: never) => unknown;
type Class = new (options: never) => unknown;

/** A public class or function, its other options, and wrong values by option; `a.b` is the key of an object. */
const REFUSED: Array<[make: Make | Class, base: object, wrong: {[key: string]: unknown}]> = [
  [lib.FieldEmbedding, {fields, outputDim: 2}, {outputDim: 0, tableL2: -1, batchL2: -1}],
  [
    lib.FieldEmbedding,
    {outputDim: 2},
    {'fields[0].size': [{name: 'a'}], 'fields[0].width': [{...fields[1], width: 0}]},
  ],
  [lib.FieldEmbedding, {outputDim: 2}, {'fields[0].combiner': [{...fields[1], combiner: 'max'}]}],
  [lib.FieldEmbedding, {outputDim: 2}, {'fields[0].ignored': [{...fields[0], ignored: 'yes'}]}],
  [lib.fieldAwareEmbedding, {fields, outputDim: 2}, {outputDim: 0, batchL2: -1}],
  [lib.FieldLinear, {fields}, {}],
  [lib.NumericEmbedding, {fields: [{name: 'x'}, {name: 'y'}], outputDim: 2}, {outputDim: 0}],
  [lib.GatedInteraction, {}, {order: 4, output: 'mean', alphaInit: NaN, epsilon: 0, momentum: 1}],
  [lib.FixedBNInteraction, {}, {momentum: -0.1}],
  [lib.crossLinear, {fields, interactions, hashSize: 5}, {hashSize: 0, batchL2: -1}],
  [lib.compressedInteraction, {}, {'units[1]': [4, 0]}],
  [lib.fieldAttention, {}, {units: 0, heads: 0}],
  [lib.featureGate, {}, {hiddenUnits: 0, 'context[0]': [-1]}],
  [lib.bilinearFusion, {}, {}],
  [lib.attentionalPooling, {}, {units: 0}],
  [lib.pairNetworks, {}, {hiddenUnits: 0}],
  [lib.outerProduct, {}, {}],
  [lib.seededDropout, {rate: 0.1}, {rate: 1, seed: 1.5}],
  [lib.GRDA, {c: 0.1}, {c: -1, mu: 1, learningRate: 0, warmupSteps: 0.5}],
  [lib.GRDA, {c: 0.1}, {'decay.factor': {factor: 1.5, steps: 2}, 'decay.steps': {factor: 0.5}}],
  [lib.lazyAdam, {}, {learningRate: 0, beta1: 1, beta2: -0.1, epsilon: 0, exact: 1}],
  [lib.partitioned, {groups: []}, {}],
  [lib.fitCrosses, {fields, interactions, ids: [0, 0, 1]}, {leastCount: 0}],
  [lib.RestoreBest, {}, {mode: 'auto', patience: 0, leastEpochs: 0}],
  [lib.SearchStage, {}, {'method.type': 'grda', 'method.c': {type: 'grda', c: -1}, 'method.k': {type: 'topK', k: 0}}],
  [lib.SearchStage, {}, {'method.mu': {type: 'grda', mu: 1}, 'method.learningRate': {type: 'grda', learningRate: 0}}],
  [lib.TwoStage, {}, {'search.epochs': {epochs: 0}, 'retrain.alpha': {alpha: 'none'}}],
  [fm, {fields}, {embeddingDim: 0, dropout: 1, embeddingDropout: -0.1, l2: -1, seed: 0.5, 'hiddenUnits[1]': [8, 0]}],
  [fm, {fields}, {attentionUnits: 0, attentionLayers: 0, heads: 0.5, crossLayers: 0, crossRank: 0, gateUnits: 0}],
  [options => new lib.EpochMetrics({data: data(), ...(options as object)}), {}, {batchSize: 0, bins: 0}],
  [options => lib.retrainModel(gatedModel(), [], options), {}, {alpha: 'cold', batchNorm: 1}],
];

const isClass = (make: Make | Class): make is Class => String(make).startsWith('class ');
const cases = REFUSED.flatMap(([make, base, wrong]) =>
  [...Object.entries(wrong), ['misspelt', 1]].map(([key, value]) => [String(key), make, base, value] as const),
);

it.each(cases)('an option with a wrong value is refused: %s', (key, make, base, value) => {
  const options = {...base, [key.replace(/[.[].*/, '')]: value} as never;
  expect(() => (isClass(make) ? new make(options) : make(options))).toThrow(`\`${key}\` must`);
});
