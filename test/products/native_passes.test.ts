import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {allInteractions, Interaction} from '../../src/interactions';
import {backendWithOwnOps} from '../../src/native/own_ops';
import {NativePasses} from '../../src/products/native_passes';
import {generator, uniform} from '../helpers/random';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

/** Where the addon has no ops of ours there is nothing to test: the layers then use the passes by tensor ops. */
const withOwnOps = (name: string, body: () => void | Promise<void>) =>
  it(name, async () => {
    if (backendWithOwnOps() !== null) await body();
  });

/** Sizes around those that the ops compute at once: 16 rows; 8, 4 and 1 coordinates; 8, 4, 2 and 1 interactions. */
const cases: Array<[B: number, m: number, d: number, interactions: Interaction[]]> = [
  [1, 2, 1, [[0, 1]]],
  [16, 12, 8, allInteractions(12, 2)],
  [37, 9, 13, allInteractions(9, 3)],
  [50, 14, 20, allInteractions(14, 2).filter((_, p) => p % 3 !== 1)],
  [33, 11, 5, allInteractions(11, 3).filter((_, p) => p % 5 === 0)],
];

describe.each(cases)('the native passes over B %i, m %i, d %i', (B, m, d, interactions) => {
  const count = interactions.length, order = interactions[0].length as 2 | 3;
  const next = generator(B);
  const random = (n: number) => uniform(next, n);
  const [e, w, q, r, u, dx] = [B * m * d, count, count, count, B, B * count].map(random);
  const passes = new NativePasses(interactions, order);
  const E = () => [tf.tensor3d(e, [B, m, d])];
  const column = (values: number[]) => tf.tensor2d(values, [B, 1]);
  const factors = (b: number, fields: Interaction) => fields.map(f => e.slice((b * m + f) * d, (b * m + f + 1) * d));
  /** x [B][count] by plain loops. */
  const x = Array.from({length: B}, (_, b) => interactions.map(fields =>
    factors(b, fields).reduce((a, c) => a.map((value, i) => value * c[i])).reduce((a, c) => a + c)));
  /** dE by plain loops. */
  const pulled = (dx: (b: number, p: number) => number) => {
    const gradient = new Float64Array(e.length);
    for (let b = 0; b < B; b++) {
      interactions.forEach((fields, p) => fields.forEach((field, f) => {
        const others = factors(b, fields).filter((_, other) => other !== f);
        for (let i = 0; i < d; i++) {
          gradient[(b * m + field) * d + i] += dx(b, p) * others.reduce((product, other) => product * other[i], 1);
        }
      }));
    }
    return gradient;
  };

  withOwnOps('list the products', () => tf.tidy(() => expectClose(passes.list(E()), x.flat(), 1e-6)));

  withOwnOps('give mean and population variance, also about a mean far from 0', () => tf.tidy(() => {
    const means = interactions.map((_, p) => x.reduce((sum, row) => sum + row[p], 0) / B);
    const {mean, variance} = passes.moments(E());
    expectClose(mean, means, 1e-6);
    expectClose(variance, means.map((centre, p) => x.reduce((sum, row) => sum + (row[p] - centre) ** 2, 0) / B), 1e-5);
    const constant = passes.moments([tf.fill([B, m, d], 30)]);
    expectClose(constant.variance, means.map(() => 0), 0);
  }));

  withOwnOps('add up over the interactions, and over the batch', () => tf.tidy(() => {
    expectClose(passes.weightedSum(E(), tf.tensor1d(w)), x.map(row => row.reduce((sum, value, p) => sum + w[p] * value, 0)), 1e-5);
    expectClose(passes.correlate(E(), column(u)),
        interactions.map((_, p) => x.reduce((sum, row, b) => sum + u[b] * row[p], 0)), 1e-5);
  }));

  withOwnOps('pull gradients back', () => tf.tidy(() => {
    const [gradient] = passes.pullBack(E(), tf.tensor1d(w), column(u), tf.tensor1d(q), tf.tensor1d(r));
    expectClose(gradient, pulled((b, p) => w[p] * u[b] - q[p] * x[b][p] + r[p]), 1e-5);
    expectClose(passes.pullBackList(E(), tf.tensor2d(dx, [B, count]))[0], pulled((b, p) => dx[b * count + p]), 1e-5);
  }));
});

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
    tf.tidy(() => { new NativePasses([[0, 1]], 2).moments([tf.ones([2, 3, 4])]); });
  });
});

it('the ops are asked for by the version that their sources count', () => {
  const version = (file: string) => /'?"?(AutofisOps\d+)/.exec(readFileSync(file, 'utf8'))![1];
  expect(version('src/native/own_ops.ts')).toBe(version('src/native/kernels/version.cc'));
});
