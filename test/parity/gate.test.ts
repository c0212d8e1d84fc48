import * as tf from '@tensorflow/tfjs-core';
import {GatedInteraction, gatedInteraction, GatedInteractionArgs} from 'tfjs-autofis/layers';
import {allInteractions, Interaction} from '../../src/interactions';
import {numericGradient, plainGate, PlainGate, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {disposeWeights, expectClose, numbers} from '../helpers/tensors';

type Shape = readonly [batch: number, fields: number, dimension: number];
const SMALL: Shape = [6, 5, 3];
/** Vectorised kernels meet full and rest parts. */
const LARGE: Shape = [19, 7, 5];
const valuesOf = ([batch, m, d]: Shape) => uniform(generator(21), batch * m * d);
const epsilon = 1e-3;

const subsets: Array<[string, 2 | 3, Interaction[] | undefined]> = [
  ['all pairs', 2, undefined],
  [
    'pairs of neighbouring fields',
    2,
    [
      [1, 2],
      [1, 3],
      [2, 3],
    ],
  ],
  [
    'pairs of scattered fields',
    2,
    [
      [0, 2],
      [0, 4],
      [2, 4],
    ],
  ],
  ['one pair', 2, [[1, 4]]],
  ['all triples', 3, undefined],
  [
    'triples of neighbouring fields',
    3,
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
  ],
  [
    'triples of scattered fields',
    3,
    [
      [0, 1, 4],
      [0, 2, 4],
      [1, 2, 4],
    ],
  ],
  ['one triple', 3, [[0, 2, 3]]],
];

const modes: Array<[string, 'sum' | 'each', boolean, boolean, boolean]> = [];
for (const output of ['sum', 'each'] as const) {
  for (const training of [true, false]) {
    for (const batchNorm of [true, false]) {
      for (const useAlpha of [true, false]) {
        const name = `${output}, ${training ? 'training' : 'inference'}${batchNorm ? '' : ', no batchNorm'}${useAlpha ? '' : ', no alpha'}`;
        modes.push([name, output, training, batchNorm, useAlpha]);
      }
    }
  }
}

/** A layer with weights that are not where they start: gates of both signs, moving statistics of other batches. */
function prepared(
  args: GatedInteractionArgs,
  [, m, d]: Shape = SMALL,
): {
  layer: GatedInteraction;
  alpha: number[];
  mean: number[];
  variance: number[];
} {
  const layer = gatedInteraction({...args, epsilon});
  layer.build([null, m, d]);
  const count = layer.interactions.length;
  const next = generator(22);
  const alpha = uniform(next, count);
  const mean = uniform(next, count);
  const variance = uniform(next, count, 0.2, 2);
  tf.tidy(() => {
    layer.alpha?.write(tf.tensor1d(alpha));
    for (const weight of layer.nonTrainableWeights) {
      if (weight.originalName.endsWith('moving_mean')) weight.write(tf.tensor1d(mean));
      if (weight.originalName.endsWith('moving_variance')) weight.write(tf.tensor1d(variance));
    }
  });
  return {layer, alpha, mean, variance};
}

describe.each([
  ...subsets.map(each => [...each, SMALL, modes] as const),
  ...subsets
    .filter(([name]) => /^all|scattered/.test(name))
    .map(each => [...each, LARGE, modes.filter(mode => mode.slice(3).every(Boolean))] as const),
])('%s', (_, order, interactions, shape, modes) => {
  const [batch, m, d] = shape;
  const values = valuesOf(shape);
  it.each(modes)(
    `equal plain loops, value and gradients, for ${shape.join(' x ')}: %s`,
    (_, output, training, batchNorm, useAlpha) => {
      const {layer, alpha, mean, variance} = prepared({order, interactions, output, batchNorm, useAlpha}, shape);
      const statistics = training ? ('batch' as const) : {mean, variance};
      const gate: PlainGate = {
        interactions: interactions ?? allInteractions(m, order),
        output,
        epsilon,
        alpha: useAlpha ? alpha : null,
        normalization: batchNorm ? statistics : null,
      };
      const expected = plainGate(values, shape, gate);
      const upstream = uniform(generator(23), expected.flat().length);
      const embeddings = tf.variable(tf.tensor3d(values, [...shape]));
      tf.tidy(() => {
        const apply = () => layer.apply(embeddings, {training}) as tf.Tensor;
        const result = apply();
        expect(result.shape).toEqual([batch, expected[0].length]);
        expect(layer.computeOutputShape([batch, m, d])).toEqual(result.shape);
        expectClose(result, expected.flat(), 2e-5);

        const variables = [embeddings, ...(useAlpha ? [layer.alpha!.read() as tf.Variable] : [])];
        const {grads} = tf.variableGrads(
          () => tf.sum(tf.mul(apply(), tf.tensor(upstream, result.shape))) as tf.Scalar,
          variables,
        );
        expectClose(
          grads[embeddings.name],
          numericGradient(e => weighted(plainGate(e, shape, gate), upstream), values),
          1e-4,
        );
        if (useAlpha) {
          expectClose(
            grads[variables[1].name],
            numericGradient(a => weighted(plainGate(values, shape, {...gate, alpha: a}), upstream), alpha),
            1e-4,
          );
        }
      });
      embeddings.dispose();
      disposeWeights(layer);
    },
  );
});

describe('a closed gate', () => {
  const shape = SMALL;
  const [, m, d] = shape;
  const values = valuesOf(shape);
  // Field 4 takes part in closed gates only.
  const closed = (interaction: Interaction) => interaction.includes(4);
  const moved = values.map((value, i) => (Math.floor(i / d) % m === 4 ? value * 3 + 1 : value));
  const cases: Array<[string, 2 | 3, 'sum' | 'each', boolean, 'alpha' | 'open']> = [
    ['pairs, inference', 2, 'sum', false, 'alpha'],
    ['pairs, training', 2, 'sum', true, 'alpha'],
    ['triples, inference', 3, 'sum', false, 'alpha'],
    ['triples, training', 3, 'sum', true, 'alpha'],
    ['each product, inference', 2, 'each', false, 'alpha'],
    ['each product, training', 2, 'each', true, 'alpha'],
    ['pairs closed for good', 2, 'sum', false, 'open'],
    ['triples closed for good, training', 3, 'sum', true, 'open'],
  ];

  it.each(cases)('contributes exactly 0: %s', (_, order, output, training, by) => {
    const {layer, alpha} = prepared({order, output});
    const gates = layer.interactions.map((interaction, p) => {
      if (closed(interaction)) return 0;
      return by === 'alpha' ? alpha[p] : 1;
    });
    tf.tidy(() => {
      layer[by]!.write(tf.tensor1d(gates));
    });
    tf.tidy(() => {
      // + 0 makes -0 and 0 alike.
      const result = (e: number[]) =>
        numbers(layer.apply(tf.tensor3d(e, [...shape]), {training}) as tf.Tensor).map(v => v + 0);
      expect(result(moved)).toEqual(result(values));
      // An open one does not: the same change of field 3 is seen.
      expect(result(values.map((v, i) => (Math.floor(i / d) % m === 3 ? v * 3 + 1 : v)))).not.toEqual(result(values));
      const gradient = tf.grad(e => tf.sum(tf.square(layer.apply(e, {training}) as tf.Tensor)))(
        tf.tensor3d(values, [...shape]),
      );
      expect(numbers(tf.max(tf.abs(tf.slice(gradient, [0, 4, 0], [-1, 1, -1]))))).toEqual([0]);
    });
    disposeWeights(layer);
  });

  it('by `open` gets no gradient, so that no optimizer can open it', () => {
    const {layer} = prepared({});
    tf.tidy(() => {
      layer.open!.write(tf.tensor1d(layer.interactions.map(i => (closed(i) ? 0 : 1))));
      const {grads} = tf.variableGrads(
        () =>
          tf.sum(tf.square(layer.apply(tf.tensor3d(values, [...shape]), {training: true}) as tf.Tensor)) as tf.Scalar,
        [layer.alpha!.read() as tf.Variable],
      );
      numbers(Object.values(grads)[0]).forEach((g, p) => expect(g === 0).toBe(closed(layer.interactions[p])));
    });
    disposeWeights(layer);
  });
});
