import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {cloneSerializable, fromIdentifier, toSerialized} from '../src/serialize';

describe('fromIdentifier', () => {
  it('gives an instance back', () => {
    const ones = tfl.initializers.ones();
    expect(fromIdentifier('Layer', 'init', ones)).toBe(ones);
  });

  it('makes an object from its name', () => {
    expect(fromIdentifier('Layer', 'init', 'truncatedNormal').getClassName()).toBe('TruncatedNormal');
  });

  it('makes an object from its class name and config', () => {
    const made = fromIdentifier('Layer', 'init', {
      className: 'RandomUniform',
      config: {minval: -3, maxval: 4, seed: 5},
    });
    expect(made.getConfig()).toMatchObject({minval: -3, maxval: 4, seed: 5});
  });

  const cure = 'A class of your own must be registered by tf.serialization.registerClass.';
  it.each([
    ['a name that is not there', 'glorot', '"glorot"'],
    ['a class that is not there', {className: 'Mine', config: {}}, '{"className":"Mine","config":{}}'],
    ['null', null, 'null'],
  ])('refuses %s', (_, identifier, shown) => {
    expect(() => fromIdentifier('Layer', 'init', identifier as never)).toThrow(
      new Error(
        `Layer: \`init\` must be an object of tfjs, its {className, config} or its name. Received: ${shown}. ${cure}`,
      ),
    );
  });
});

describe('toSerialized', () => {
  it('is undone by fromIdentifier', () => {
    const l2 = tfl.regularizers.l2({l2: 0.25});
    expect(fromIdentifier('Layer', 'reg', toSerialized(l2)!).getConfig()).toEqual(l2.getConfig());
  });

  it('keeps null', () => {
    expect(toSerialized(null)).toBeNull();
  });
});

describe('cloneSerializable', () => {
  it('makes a new optimizer of the same configuration', () => {
    const adam = tf.train.adam(0.03, 0.8, 0.9, 1e-5);
    const copy = cloneSerializable('here', adam);
    expect(copy).not.toBe(adam);
    expect([copy.getClassName(), copy.getConfig()]).toEqual([adam.getClassName(), adam.getConfig()]);
    adam.dispose();
    copy.dispose();
  });

  it('says which class it cannot find', () => {
    class Mine extends tf.Optimizer {
      static className = 'Mine';
      override applyGradients(): void {}
      override getConfig() {
        return {};
      }
    }
    expect(() => cloneSerializable('retrainModel', new Mine())).toThrow(
      new Error(
        'retrainModel: cannot make a fresh Mine: retrainModel: `optimizer` must be an object of tfjs, ' +
          'its {className, config} ' +
          'or its name. Received: {"className":"Mine","config":{}}. ' +
          'A class of your own must be registered by tf.serialization.registerClass.',
      ),
    );
  });
});
