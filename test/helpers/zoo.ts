import * as models from 'tfjs-autofis/models';
import type {ModelOptions} from 'tfjs-autofis/models';
import type {FieldSpec} from 'tfjs-autofis';
import {allInteractions, Interaction} from '../../src/interactions';
import {
  addUp,
  dot,
  oneHotFields,
  plainDense,
  PlainRow,
  plainEmbed,
  plainFieldAware,
  plainGated,
  plainMlp,
  plainProductsOf,
  reluOf,
  sum,
  zooFields,
} from './plain_models';
import {recentModels} from './recent_models';
import type {ZooCase} from './zoo_case';

export type {ZooCase};

const third = (row: PlainRow) =>
  plainEmbed(row.fields, row.ids, row.weights.matrix('third_order_embedding/embeddings'));
const mlp = (row: PlainRow, extra: number[] = []) => plainMlp(row.weights, [...row.e.flat(), ...extra], row.depth);

/** Pairs with the elementwise product of their embeddings. */
const pairs = (e: number[][]) =>
  allInteractions(e.length, 2).map(([i, j]) => ({i, j, x: e[i].map((v, k) => v * e[j][k])}));

/** Field-aware pairs: all of four fields, or two of them, which leave a field without vectors. */
const FEW: Interaction[] = [
  [0, 1],
  [1, 3],
];
const aware = (pairs: readonly Interaction[]) => (row: PlainRow) =>
  plainFieldAware(row.fields, row.ids, row.weights.matrix('embedding/embeddings'), pairs);
const fieldAware = (
  [
    ['all pairs', allInteractions(4, 2), {}],
    ['some pairs', FEW, {interactions: FEW}],
  ] as const
).flatMap(([pairs, list, options]) => [
  {
    title: `ffm, ${pairs}`,
    build: models.ffm,
    options,
    pairs: aware(list),
    logit: (row: PlainRow) => row.linear() + sum(aware(list)(row)),
  },
  {
    title: `autoFfm, ${pairs}`,
    build: models.autoFfm,
    options,
    pairs: aware(list),
    logit: (row: PlainRow) => row.linear() + sum(plainGated(row.weights, 'pairs', aware(list)(row))),
  },
]);

/** Memorised combinations of the zoo's fields: of the first and the third, and of the second and the fourth. */
const CROSSES = {
  interactions: [
    [0, 2],
    [1, 3],
  ],
  counts: [4, 3],
  dictionary: [0, 0, 1, 2, 3, 1, 4, 1, 0, 1, 2, 0, 3, 2],
  batchL2: 0,
};

/** Cross a pair, three fields, three with two values or more each, and four. */
const WIDE_CROSSES = {
  interactions: [
    [1, 2],
    [0, 1, 2],
    [1, 2, 3],
    [0, 1, 2, 3],
  ],
  counts: [2, 3, 5, 3],
  dictionary: [
    [0, 1, 0, 0],
    [3, 2, 0, 0],
    [0, 0, 1, 0],
    [0, 3, 2, 0],
    [4, 1, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 2, 0],
    [1, 2, 1, 0],
    [2, 1, 0, 0],
    [3, 0, 2, 0],
    [0, 0, 1, 0],
    [0, 3, 2, 1],
    [4, 1, 0, 2],
  ].flat(),
  batchL2: 0,
};

const plainCrosses =
  ({interactions, counts, dictionary}: typeof CROSSES) =>
  ({weights, fields, ids}: PlainRow): number => {
    const kernel = weights.vector('crosses/kernel');
    const width = dictionary.length / sum(counts);
    const valuesOf = (f: number) => {
      const start = fields.slice(0, f).reduce((column, {width}) => column + (width ?? 1), 0);
      return ids.slice(start, start + (fields[f].width ?? 1)).filter(id => id >= 0);
    };
    const share = (f: number) =>
      fields[f].width !== undefined && fields[f].combiner !== 'sum' ? 1 / valuesOf(f).length : 1;
    const owners = counts.flatMap((count, p) => Array<number>(count).fill(p));
    return sum(
      owners.map((p, k) => {
        const own = interactions[p];
        const times = own.map((f, i) => valuesOf(f).filter(id => id === dictionary[width * k + i]).length * share(f));
        return own.every(f => valuesOf(f).length > 0) ? times.reduce((product, each) => product * each, kernel[k]) : 0;
      }),
    );
  };

/** FM of some pairs: a field in none has no embedding. */
const plainSomePairs = (row: PlainRow) => {
  const table = row.weights.matrix('embedding/embeddings');
  const unread = row.fields[2];
  const start = row.fields.slice(0, 2).reduce((rows, {size}) => rows + size, 0);
  const whole = [...table.slice(0, start), ...Array<number[]>(unread.size).fill(table[0]), ...table.slice(start)];
  const e = plainEmbed(row.fields, row.ids, whole);
  return FEW.map(([i, j]) => dot(e[i], e[j]));
};

function plainAfm(row: PlainRow): number {
  const h = row.weights.vector('attention/projection');
  const each = pairs(row.e).map(({x}) => ({
    x,
    weight: Math.exp(dot(reluOf(plainDense(row.weights, 'attention', x)), h)),
  }));
  const total = sum(each.map(({weight}) => weight));
  const pooled = addUp(each.map(({x, weight}) => x.map(v => (v * weight) / total)));
  return row.linear() + plainDense(row.weights, 'attention_output', pooled, false)[0];
}

function plainOpnn(row: PlainRow): number {
  // Every ordered pair of fields, a field with itself included.
  const outer = row.e[0].flatMap((_, a) =>
    row.e[0].map((_, b) => sum(row.e.flatMap(x => row.e.map(y => x[a] * y[b])))),
  );
  return mlp(row, outer);
}

function plainPin(row: PlainRow): number {
  const of = (name: string) => row.weights.vector(`pair_networks/${name}`);
  const d = row.e[0].length;
  const bias1 = of('hidden_bias');
  const bias2 = of('bias');
  const count = pairs(row.e).length;
  const h = bias1.length / count;
  const s = bias2.length / count;
  const inputs = ['left', 'right', 'product'].map(of);
  const last = of('kernel');
  const outputs = pairs(row.e).flatMap(({i, j, x}, p) => {
    const hidden = reluOf(
      Array.from(
        {length: h},
        (_, u) =>
          bias1[p * h + u] +
          sum(
            [row.e[i], row.e[j], x].map((part, which) =>
              sum(part.map((v, k) => v * inputs[which][(p * d + k) * h + u])),
            ),
          ),
      ),
    );
    return reluOf(
      Array.from({length: s}, (_, u) => bias2[p * s + u] + sum(hidden.map((v, k) => v * last[(p * h + k) * s + u]))),
    );
  });
  return plainMlp(row.weights, outputs, row.depth);
}

/** An item, what it is like, the user's earlier items, and something else. */
const dinFields = (multiHot: boolean): FieldSpec[] => [
  {name: 'item', size: 5},
  {name: 'kind', size: 4, ...(multiHot && {width: 2})},
  {name: 'history', size: 5, width: 4},
  {name: 'hour', size: 3},
];

function plainDin({weights, fields, ids, depth}: PlainRow): number {
  const table = weights.matrix('embedding/embeddings');
  const others = fields.filter(({name}) => name !== 'history');
  const start = ids.length - 5;
  const e = plainEmbed(others, [...ids.slice(0, start), ...ids.slice(start + 4)], table);
  const scored = ids
    .slice(start, start + 4)
    .filter(id => id >= 0)
    .map(id => {
      const v = table[id];
      const c = e[0];
      const hidden = reluOf(
        plainDense(weights, 'embedding', [...v, ...c, ...v.map((x, k) => x - c[k]), ...v.map((x, k) => x * c[k])]),
      );
      const score = dot(hidden, weights.vector('embedding/projection')) + weights.vector('embedding/shift')[0];
      return v.map(x => x * score);
    });
  const interest = scored.length === 0 ? table[0].map(() => 0) : addUp(scored);
  return plainMlp(weights, [...e[0], ...e[1], ...interest, ...e[2]], depth);
}

type Form = Pick<ModelOptions, 'order' | 'thirdOrderTable'>;

const forms: Form[] = [{order: 2}, {order: 'both', thirdOrderTable: false}, {order: 'both', thirdOrderTable: true}];

/** The products of a form: those of FM, or normalised and gated. */
function products(row: PlainRow, {order, thirdOrderTable}: Form, gated: boolean): number[] {
  return (order === 'both' ? ([2, 3] as const) : ([2] as const)).flatMap(each => {
    const e = each === 3 && thirdOrderTable ? third(row) : row.e;
    const products = plainProductsOf(e, each);
    return gated ? plainGated(row.weights, each === 2 ? 'pairs' : 'triples', products) : products;
  });
}

/** The models that have a form for each order, plain and with gates, and their logits by their products. */
const families: Array<
  [
    plain: 'fm' | 'deepFm' | 'ipnn',
    auto: 'autoFm' | 'autoDeepFm' | 'autoIpnn',
    (row: PlainRow, products: number[]) => number,
  ]
> = [
  ['fm', 'autoFm', (row, x) => row.linear() + sum(x)],
  ['deepFm', 'autoDeepFm', (row, x) => row.linear() + sum(x) + mlp(row)],
  ['ipnn', 'autoIpnn', mlp],
];

/** Every model of the zoo in each of its forms. */
export const zoo: ZooCase[] = [
  {title: 'lr', build: models.lr, options: {}, logit: row => row.linear()},
  ...families.flatMap(([plain, auto, logit]) =>
    [plain, auto].flatMap(name =>
      forms.map(form => ({
        title: `${name}, order ${form.order}${form.thirdOrderTable ? ', two tables' : ''}`,
        build: models[name],
        options: form,
        logit: (row: PlainRow) => logit(row, products(row, form, name === auto)),
      })),
    ),
  ),
  {
    title: 'fm with crosses',
    build: models.fm,
    options: {crosses: CROSSES},
    logit: row => row.linear() + sum(plainProductsOf(row.e, 2)) + plainCrosses(CROSSES)(row),
  },
  {
    title: 'fm with crosses of three and four fields',
    build: models.fm,
    options: {crosses: WIDE_CROSSES},
    logit: row => row.linear() + sum(plainProductsOf(row.e, 2)) + plainCrosses(WIDE_CROSSES)(row),
  },
  {
    title: 'fwFm',
    build: models.fwFm,
    options: {},
    logit: row => row.linear() + dot(row.weights.vector('pairs/alpha'), plainProductsOf(row.e, 2)),
  },
  ...fieldAware,
  {
    title: 'fm, some pairs',
    build: models.fm,
    options: {interactions: FEW},
    logit: row => row.linear() + sum(plainSomePairs(row)),
  },
  {
    title: 'autoFm, some pairs',
    build: models.autoFm,
    options: {interactions: FEW},
    pairs: plainSomePairs,
    logit: row => row.linear() + sum(plainGated(row.weights, 'pairs', plainSomePairs(row))),
  },
  {title: 'afm', build: models.afm, options: {attentionUnits: 4}, logit: plainAfm},
  {
    title: 'nfm',
    build: models.nfm,
    options: {},
    logit: row => row.linear() + plainMlp(row.weights, addUp(pairs(row.e).map(({x}) => x)), row.depth),
  },
  {title: 'wideDeep', build: models.wideDeep, options: {}, logit: row => row.linear() + mlp(row)},
  {title: 'opnn', build: models.opnn, options: {}, logit: plainOpnn},
  {title: 'pin', build: models.pin, options: {pairUnits: [4, 2]}, logit: plainPin},
  {
    title: 'din',
    build: models.din as ZooCase['build'],
    options: {behaviour: 'history', candidate: 'item', attentionUnits: 4},
    logit: plainDin,
    fields: {oneHot: dinFields(false), multiHot: dinFields(true)},
  },
  ...recentModels,
];

/** The fields of a case. */
export const fieldsOf = ({fields}: ZooCase, kind: 'oneHot' | 'multiHot'): FieldSpec[] =>
  fields?.[kind] ?? (kind === 'oneHot' ? oneHotFields : zooFields);
