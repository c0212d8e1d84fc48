import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GatedInteraction, gatedInteraction, GatedInteractionArgs} from 'tfjs-autofis/layers';
import {disposeWeights, expectClose, numbers, weightValues} from '../helpers/tensors';

const built = (args: GatedInteractionArgs, shape: Array<number | null> = [null, 4, 3]) => {
  const layer = gatedInteraction({name: 'gate', ...args});
  layer.apply(tfl.input({batchShape: shape}));
  return layer;
};
const described = (layer: GatedInteraction) =>
  layer.weights.map(w => `${w.originalName} [${w.shape}]${w.trainable ? '' : ' frozen'}`);

describe('the weights of GatedInteraction', () => {
  it('are alpha, open and the moving statistics', () => {
    const layer = built({});
    expect(described(layer)).toEqual([
      'gate/alpha [6]',
      'gate/open [6] frozen',
      'gate/moving_mean [6] frozen',
      'gate/moving_variance [6] frozen',
      'gate/moving_steps [] frozen',
    ]);
    disposeWeights(layer);
  });

  it('have one value an interaction of the chosen ones', () => {
    const layer = built({
      order: 3,
      interactions: [
        [3, 1, 0],
        [0, 1, 2],
      ],
    });
    expect(described(layer)[0]).toBe('gate/alpha [2]');
    expect(layer.interactions).toEqual([
      [0, 1, 2],
      [0, 1, 3],
    ]);
    disposeWeights(layer);
  });

  it.each<[GatedInteractionArgs, string[]]>([
    [
      {useAlpha: false},
      ['gate/moving_mean [6] frozen', 'gate/moving_variance [6] frozen', 'gate/moving_steps [] frozen'],
    ],
    [{batchNorm: false}, ['gate/alpha [6]', 'gate/open [6] frozen']],
    [{useAlpha: false, batchNorm: false}, []],
    [{interactions: []}, []],
  ])('of %j are those it needs', (args, expected) => {
    const layer = built(args);
    expect(described(layer)).toEqual(expected);
    disposeWeights(layer);
  });

  it('start open, within 0.001 of alphaInit, not all equal', () => {
    for (const alphaInit of [0.6, -0.2]) {
      const layer = built({alphaInit, seed: 3}, [null, 20, 2]);
      const [alpha, open, mean, variance, steps] = weightValues(layer.weights);
      const offsets = alpha.map(a => (a - alphaInit) / 0.001);
      expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(1.001);
      // Uniform in [-1, 1]: 190 draws leave neither half of it empty.
      expect(Math.min(...offsets)).toBeLessThan(-0.8);
      expect(Math.max(...offsets)).toBeGreaterThan(0.8);
      expect([open, mean, variance, steps].map(w => [...new Set(w)])).toEqual([[1], [0], [1], [0]]);
      disposeWeights(layer);
    }
  });
});

describe('GatedInteraction', () => {
  it('without interactions is zeros of shape [B, 1], in training and inference', () => {
    const layer = built({interactions: []});
    for (const training of [true, false]) {
      tf.tidy(() => {
        const result = layer.apply(tf.ones([5, 4, 3]), {training}) as tf.Tensor;
        expect(result.shape).toEqual([5, 1]);
        expect(numbers(result)).toEqual([0, 0, 0, 0, 0]);
      });
    }
    expect(layer.computeOutputShape([null, 4, 3])).toEqual([null, 1]);
  });

  it('beside an open gate adds nothing when it has no interactions', () => {
    const input = tfl.input({shape: [4, 3]});
    const open = gatedInteraction({batchNorm: false, seed: 1}).apply(input) as tfl.SymbolicTensor;
    const none = gatedInteraction({order: 3, interactions: []}).apply(input) as tfl.SymbolicTensor;
    const model = tfl.model({
      inputs: input,
      outputs: [open, tfl.layers.add().apply([open, none]) as tfl.SymbolicTensor],
    });
    tf.tidy(() => {
      const [alone, both] = model.predict(tf.randomUniform([6, 4, 3], -1, 1, 'float32', 5)) as tf.Tensor[];
      expectClose(both, alone, 0);
    });
    model.dispose();
  });
});

describe('GatedInteraction refuses', () => {
  it.each<[string, object, string]>([
    [
      'fields without names',
      {fields: ['hour', 'origin']},
      'GatedInteraction: `fields` must be a list of {name}, all different. Received: ["hour","origin"].',
    ],
    [
      'fields that are not a list',
      {fields: {name: 'hour'}},
      'GatedInteraction: `fields` must be a list of {name}, all different. Received: {"name":"hour"}.',
    ],
    [
      'a field twice',
      {fields: [{name: 'day'}, {name: 'day'}]},
      'GatedInteraction: `fields` must be a list of {name}, all different. Received: [{"name":"day"},{"name":"day"}].',
    ],
  ])('%s', (_, args, message) => {
    expect(() => new GatedInteraction(args as never)).toThrow(new Error(message));
  });

  const place = 'Put FieldEmbedding, or tf.layers.embedding with an inputLength, in front of it.';
  const input =
    'GatedInteraction gate: the input must be embeddings of shape [batch, fields, dimension]. Received shape: ';
  it.each<[string, GatedInteractionArgs, Array<number | null>, string]>([
    ['an input of rank 2', {}, [null, 4], `${input}[null,4]. ${place}`],
    ['an input of rank 5', {}, [null, 4, 3, 2, 1], `${input}[null,4,3,2,1]. ${place}`],
    ['an unknown number of fields', {}, [null, null, 3], `${input}[null,null,3]. ${place}`],
    [
      'one field',
      {},
      [null, 1, 3],
      'GatedInteraction gate: an interaction of order 2 needs at least 2 fields. Received: 1.',
    ],
    [
      'two fields for triples',
      {order: 3},
      [null, 2, 3],
      'GatedInteraction gate: an interaction of order 3 needs at least 3 fields. Received: 2.',
    ],
    [
      'a field that is not there',
      {interactions: [[0, 4]]},
      [null, 4, 3],
      'GatedInteraction gate: `interactions` must hold 2 different field positions from 0 to 3 each. ' +
        'Received: [0,4]. ' +
        'The input has 4 fields and the layer is of order 2.',
    ],
    [
      'too few names',
      {fields: [{name: 'hour'}, {name: 'origin'}]},
      [null, 4, 3],
      'GatedInteraction gate: `fields` must name each of the input\'s 4 fields. Received: ["hour","origin"].',
    ],
  ])('%s', (_, args, shape, message) => {
    expect(() => built(args, shape)).toThrow(new Error(message));
  });
});
