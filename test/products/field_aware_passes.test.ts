import * as tf from '@tensorflow/tfjs-core';
import {backendWithKernels} from '../../src/native/kernel_ops';
import {FieldAwarePasses} from '../../src/products/field_aware_passes';
import {LayerProducts} from '../../src/products/layer_products';
import {NativeFieldAwarePasses} from '../../src/products/native_field_aware_passes';
import {testFieldAwarePasses} from '../helpers/passes_suite';

testFieldAwarePasses('by tensor ops', count => new FieldAwarePasses(count), it);
testFieldAwarePasses(
  'native',
  count => new NativeFieldAwarePasses(count),
  (title, body) =>
    it(title, async () => {
      if (backendWithKernels() !== null) await body();
    }),
);

it('native ones are what layers use where the addon has the ops', () => {
  const [group] = LayerProducts.fieldAware(3).current.groups;
  expect(group instanceof NativeFieldAwarePasses).toBe(backendWithKernels() !== null);
  expect(LayerProducts.fieldAware(0).current.groups).toEqual([]);
});

it('native ones refuse what they cannot compute', () => {
  if (backendWithKernels() === null) return;
  tf.tidy(() => {
    const passes = new NativeFieldAwarePasses(2);
    const e = tf.ones([3, 2, 2, 4]);
    expect(() => passes.list([tf.ones([3, 2, 4])])).toThrow(
      'AutofisFieldAwareProducts: embeddings [B, P, 2, d] are needed',
    );
    expect(() => passes.pullBackList([e], tf.ones([3, 5]))).toThrow('AutofisFieldAwareGradient: dx [B, P] is needed');
  });
});
