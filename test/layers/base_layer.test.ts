import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as layers from 'tfjs-autofis/layers';
import {fieldEmbedding, gatedInteraction} from 'tfjs-autofis/layers';
import {foreignLayers} from '../helpers/foreign';

describe('a layer of this library', () => {
  it('refuses a symbolic input of another copy of tfjs-layers, and says what to do', () => {
    const input = foreignLayers().input({shape: [3, 2]});
    expect(() => gatedInteraction().apply(input)).toThrow(
      new Error(
        'GatedInteraction: the input comes from another copy of @tensorflow/tfjs-layers than the one that ' +
          'tfjs-autofis imports. ' +
          'Layers, models and callbacks of two copies do not work together. Run `npm ls @tensorflow/tfjs-layers`, ' +
          'install one version of all @tensorflow packages, then `npm dedupe`.',
      ),
    );
  });

  it('takes an input in a list', () => {
    const layer = gatedInteraction({useAlpha: false, batchNorm: false});
    const output = layer.apply([tfl.input({shape: [3, 2]})]) as tfl.SymbolicTensor;
    expect(output.shape).toEqual([null, 1]);
    tf.tidy(() => {
      expect((layer.apply([tf.ones([4, 3, 2])]) as tf.Tensor).shape).toEqual([4, 1]);
    });
  });

  it('refuses two inputs', () => {
    const input = tfl.input({shape: [3, 2]});
    expect(() => gatedInteraction({name: 'gate'}).apply([input, input])).toThrow(
      new Error('GatedInteraction gate: takes one input. Received: 2.'),
    );
  });

  it('can stand first in a sequential model without an inputShape', () => {
    const model = tfl.sequential({
      layers: [
        fieldEmbedding({
          fields: [
            {name: 'a', size: 2},
            {name: 'b', size: 3, width: 4},
          ],
          outputDim: 2,
        }),
        gatedInteraction(),
      ],
    });
    expect(model.inputs[0].shape).toEqual([null, 5]);
    // Of no dtype, so that tfjs does not cast ids such as 1.5 before the layer can refuse them.
    expect(model.inputs[0].dtype).toBeNull();
    expect(model.outputs[0].shape).toEqual([null, 1]);
    model.dispose();
  });

  const fields = [
    {name: 'item', size: 3},
    {name: 'history', size: 3, width: 2},
  ];
  it.each<[string, object]>([
    ['AttentionEmbedding', {fields, outputDim: 2, behaviour: {name: 'history'}, candidate: {name: 'item'}}],
    ['AttentionalPooling', {}],
    ['BilinearFusion', {}],
    ['CompressedInteraction', {}],
    ['FeatureGate', {}],
    ['FieldAttention', {}],
    ['FieldAwareEmbedding', {fields, outputDim: 2}],
    ['FieldEmbedding', {fields, outputDim: 2}],
    ['GatedInteraction', {}],
    ['NumericEmbedding', {fields, outputDim: 2}],
    ['PairNetworks', {}],
  ])('refuses a seed that is not an integer: %s', (name, args) => {
    const factory = name[0].toLowerCase() + name.slice(1);
    const make = (layers as unknown as {[name: string]: (args: object) => unknown})[factory];
    expect(() => make({...args, seed: '1'})).toThrow(new Error(`${name}: \`seed\` must be an integer. Received: "1".`));
  });
});
