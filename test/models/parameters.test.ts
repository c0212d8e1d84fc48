import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import * as models from 'tfjs-autofis/models';

const fields = [
  {name: 'item', size: 7},
  {name: 'hour', size: 5},
  {name: 'history', size: 7, width: 3},
  {name: 'kind', size: 4},
];
const [V, m, d, t, h, s, n] = [23, 4, 3, 5, 6, 2, 7];
const P = (m * (m - 1)) / 2;
const hidden = [8, 4];
/** Feature maps of the CIN, and hidden units of a feature gate. */
const [c1, c2, g] = [3, 2, 6];
const n0 = m * d;
const options = {
  fields,
  embeddingDim: d,
  hiddenUnits: hidden,
  attentionUnits: t,
  pairUnits: [h, s] as [number, number],
  cinUnits: [c1, c2],
  gateUnits: g,
};
const mlp = (inputs: number) =>
  [inputs, ...hidden, 1].reduce((sum, units, i, all) => (i === 0 ? 0 : sum + (all[i - 1] + 1) * units), 0);
const lin = V + 1;
const countOf = (weights: tfl.LayersModel['weights']) =>
  weights.reduce((sum, {shape}) => sum + tf.util.sizeFromShape(shape as number[]), 0);

describe('the number of trained parameters', () => {
  it.each<[string, (options: models.ModelOptions) => tfl.LayersModel, number]>([
    ['lr', models.lr, lin],
    ['fm', models.fm, lin + V * d],
    ['fwFm', models.fwFm, lin + V * d + P],
    ['ffm', models.ffm, lin + V * (m - 1) * d],
    ['autoFfm', models.autoFfm, lin + V * (m - 1) * d + P],
    ['afm', models.afm, lin + V * d + d * t + 2 * t + d],
    ['nfm', models.nfm, lin + V * d + mlp(d)],
    ['wideDeep', models.wideDeep, lin + V * d + mlp(m * d)],
    ['deepFm', models.deepFm, lin + V * d + mlp(m * d)],
    ['ipnn', models.ipnn, V * d + mlp(m * d + P)],
    ['opnn', models.opnn, V * d + mlp(m * d + d * d)],
    ['pin', models.pin, V * d + P * (3 * d * h + h + h * s + s) + mlp(P * s)],
    [
      'din',
      o => models.din({...o, behaviour: 'history', candidate: 'item'}),
      (V - n) * d + 4 * d * t + 2 * t + 1 + mlp(m * d),
    ],
    ['dcnV2', models.dcnV2, V * d + 3 * (n0 * n0 + n0) + n0 + mlp(n0)],
    ['dcnV2, low rank', o => models.dcnV2({...o, crossRank: 2}), V * d + 3 * (2 * n0 * 2 + n0) + n0 + mlp(n0)],
    ['xDeepFm', models.xDeepFm, lin + V * d + m * m * c1 + c1 * m * c2 + c1 + c2 + mlp(n0)],
    ['autoInt', models.autoInt, V * d + 4 * (2 * t) * (d + 2 * 2 * t) + m * 2 * t + mlp(n0)],
    ['autoInt alone', o => models.autoInt({...o, hiddenUnits: []}), V * d + 8 * t * (d + 4 * t) + m * 2 * t + 1],
    [
      'finalMlp',
      models.finalMlp,
      V * d +
        2 * (d + (d + 1) * g + (g + 1) * n0) +
        2 * ((n0 + 1) * hidden[0] + (hidden[0] + 1) * hidden[1]) +
        2 * hidden[1] +
        hidden[1] ** 2 / 2 +
        1,
    ],
    ['autoFm', models.autoFm, lin + V * d + P],
    ['autoDeepFm', models.autoDeepFm, lin + V * d + P + mlp(m * d)],
    ['autoIpnn', models.autoIpnn, V * d + P + mlp(m * d + P)],
  ])('of %s is that of docs/models.md', (_, build, expected) => {
    const model = build(options);
    expect(countOf(model.trainableWeights)).toBe(expected);
    model.dispose();
  });

  it('of a gate has 3 P + 1 beside it that are not trained', () => {
    const model = models.autoFm(options);
    expect(countOf(model.nonTrainableWeights)).toBe(3 * P + 1);
    model.dispose();
  });
});
