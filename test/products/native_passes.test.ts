import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {allInteractions} from '../../src/interactions';
import {backendWithKernels} from '../../src/native/kernel_ops';
import {NativePasses} from '../../src/products/native_passes';
import {testPasses} from '../helpers/passes_suite';
import {generator, uniform} from '../helpers/random';
import {expectNoLeak, numbers} from '../helpers/tensors';

/** Where the addon has no ops of ours there is nothing to test: the layers then use the passes by tensor ops. */
const withOwnOps = (name: string, body: () => void | Promise<void>) =>
  it(name, async () => {
    if (backendWithKernels() !== null) await body();
  });

testPasses('native', (interactions, order) => new NativePasses(interactions, order), withOwnOps);

withOwnOps('give the same result in every run', () => {
  tf.tidy(() => {
    const interactions = allInteractions(20, 2);
    const passes = new NativePasses(interactions, 2);
    const e = tf.tensor3d(uniform(generator(1), 1000 * 20 * 16), [1000, 20, 16]);
    const once = () => {
      const {mean, variance} = passes.moments([e]);
      return [...numbers(mean), ...numbers(variance)];
    };
    const first = once();
    for (let i = 0; i < 10; i++) expect(once()).toEqual(first);
  });
});

withOwnOps('refuse what they cannot compute', () => {
  tf.tidy(() => {
    const e = tf.ones([2, 3, 4]) as tf.Tensor3D;
    expect(() => new NativePasses([[0, 3]], 2).list([e])).toThrow('AutofisProducts: a field is out of range');
    expect(() => new NativePasses([[0, 1]], 2).list([tf.ones([2, 3])])).toThrow('embeddings [B, m, d]');
  });
});

withOwnOps('leave no tensor behind', async () => {
  await expectNoLeak(() => {
    tf.tidy(() => {
      new NativePasses([[0, 1]], 2).moments([tf.ones([2, 3, 4])]);
    });
  });
});

it('the ops are asked for by the version that their sources count', () => {
  const version = (file: string) => /'?"?(AutofisOps\d+)/.exec(readFileSync(file, 'utf8'))![1];
  expect(version('src/native/kernel_ops.ts')).toBe(version('src/native/kernels/version.cc'));
});
