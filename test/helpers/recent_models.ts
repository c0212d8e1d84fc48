import * as models from 'tfjs-autofis/models';
import {addUp, dot, plainDense, plainMlp, PlainRow, reluOf, sum} from './plain_models';
import type {ZooCase} from './zoo_case';

function plainDcn({weights, e}: PlainRow, layers: number): number {
  const first = e.flat();
  let x = first;
  for (let l = 1; l <= layers; l++) {
    const read = weights.has(`cross_${l}_low/kernel`) ? plainDense(weights, `cross_${l}_low`, x, false) : x;
    x = plainDense(weights, `cross_${l}`, read).map((v, k) => first[k] * v + x[k]);
  }
  return plainDense(weights, 'cross_output', x, false)[0];
}

function plainCin({weights, e}: PlainRow, layers: number): number {
  let maps = e;
  const pooled: number[] = [];
  for (let k = 1; k <= layers; k++) {
    const kernel = weights.matrix(`cin/kernel${k}`);
    const products = maps.flatMap(x => e.map(y => x.map((v, place) => v * y[place])));
    maps = kernel[0].map((_, h) => addUp(products.map((z, row) => z.map(v => v * kernel[row][h]))));
    pooled.push(...maps.map(sum));
  }
  return plainDense(weights, 'cin_output', pooled, false)[0];
}

/** One layer of self-attention between rows e: [m][d] -> [m][heads * units]. */
function plainAttention(weights: PlainRow['weights'], name: string, e: number[][], heads: number): number[][] {
  const [query, key, value, residual] = ['query', 'key', 'value', 'residual'].map(part => {
    const kernel = weights.matrix(`${name}/${part}`);
    return e.map(x => kernel[0].map((_, u) => sum(x.map((v, k) => v * kernel[k][u]))));
  });
  const units = query[0].length / heads;
  return e.map((_, i) =>
    reluOf(
      residual[i].map((own, u) => {
        const from = Math.floor(u / units) * units;
        const scores = e.map((_, j) =>
          Math.exp(dot(query[i].slice(from, from + units), key[j].slice(from, from + units))),
        );
        return own + sum(scores.map((score, j) => (score / sum(scores)) * value[j][u]));
      }),
    ),
  );
}

function plainAutoInt({weights, e}: PlainRow, layers: number, useBias: boolean): number {
  let x = e;
  for (let l = 1; l <= layers; l++) x = plainAttention(weights, `attention_${l}`, x, 2);
  return plainDense(weights, 'attention_output', x.flat(), useBias)[0];
}

/** One stream of FinalMLP: the embeddings times its gate, then its MLP. */
function plainStream({weights, e, depth}: PlainRow, part: 'left' | 'right', context: readonly number[]): number[] {
  const of = (name: string) => `${part}_gate/${name}`;
  const read = context.length === 0 ? weights.vector(of('vector')) : context.flatMap(f => e[f]);
  const layer = (x: readonly number[], kernel: string, bias: string) =>
    weights.vector(of(bias)).map((b, u) => b + sum(x.map((v, k) => v * weights.matrix(of(kernel))[k][u])));
  const gate = layer(reluOf(layer(read, 'hidden_kernel', 'hidden_bias')), 'kernel', 'bias');
  let x = e.flat().map((v, k) => (2 * v) / (1 + Math.exp(-gate[k])));
  for (let l = 1; l <= depth; l++) x = reluOf(plainDense(weights, `${part}_hidden_${l}`, x));
  return x;
}

function plainFinalMlp(row: PlainRow, [left, right]: readonly [number[], number[]]): number {
  const of = (name: string) => row.weights.vector(`fusion/${name}`);
  const [x, y] = [plainStream(row, 'left', left), plainStream(row, 'right', right)];
  const [p, q] = [x.length / 2, y.length / 2];
  const kernel = of('kernel');
  const forms = x.flatMap((a, i) =>
    y.flatMap((b, j) => {
      const head = Math.floor(i / p);
      return head === Math.floor(j / q) ? [a * b * kernel[(head * p + (i % p)) * q + (j % q)]] : [];
    }),
  );
  return of('bias')[0] + dot(x, of('left')) + dot(y, of('right')) + sum(forms);
}

const mlp = (row: PlainRow) => plainMlp(row.weights, row.e.flat(), row.depth);

/** DCN-V2, xDeepFM, AutoInt and FinalMLP in each of their forms. */
export const recentModels: ZooCase[] = [
  {
    title: 'dcnV2',
    build: models.dcnV2,
    options: {crossLayers: 2},
    logit: row => plainDcn(row, 2) + mlp(row),
  },
  {
    title: 'dcnV2, low rank',
    build: models.dcnV2,
    options: {crossLayers: 1, crossRank: 2},
    logit: row => plainDcn(row, 1) + mlp(row),
  },
  {
    title: 'xDeepFm',
    build: models.xDeepFm,
    options: {cinUnits: [3, 2]},
    logit: row => row.linear() + plainCin(row, 2) + mlp(row),
  },
  {
    title: 'autoInt',
    build: models.autoInt,
    options: {attentionLayers: 2, attentionUnits: 2},
    logit: row => plainAutoInt(row, 2, false) + mlp(row),
  },
  {
    title: 'autoInt without an MLP',
    build: models.autoInt,
    options: {attentionLayers: 1, attentionUnits: 3, hiddenUnits: []},
    logit: row => plainAutoInt(row, 1, true),
  },
  {
    title: 'finalMlp',
    build: models.finalMlp,
    options: {gateUnits: 3},
    logit: row => plainFinalMlp(row, [[], []]),
  },
  {
    title: 'finalMlp with fields for its gates',
    build: models.finalMlp,
    options: {gateUnits: 3, gateFields: [['C1', 'user_ID'], ['genres']]},
    logit: row => plainFinalMlp(row, [[2, 0], [1]]),
  },
];
