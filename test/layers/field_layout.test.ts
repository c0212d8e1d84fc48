import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldLayout, FieldSpec} from '../../layers/field_layout';
import {attentionEmbedding, FieldEmbedding, FieldLinear} from 'tfjs-autofis/layers';
import {ffm} from 'tfjs-autofis/models';
import {disposeWeights, messageOf} from '../helpers/tensors';

const mixed: FieldSpec[] = [
  {name: 'user_ID', size: 3},
  {name: 'genres', size: 4, width: 2},
];

describe('FieldLayout', () => {
  it('looks up the other fields only, whatever the ids of ignored ones', async () => {
    const layer = new FieldEmbedding({
      fields: [{name: 'x', size: 2, ignored: true}, ...mixed],
      outputDim: 1,
      embeddingsInitializer: 'zeros',
    });
    const ids = tf.tensor2d(
      [
        [99, 2, 0, 3],
        [-7, 1, 1, -1],
      ],
      [2, 4],
      'int32',
    );
    layer.apply(ids);
    layer.setWeights([tf.tensor2d([1, 2, 3, 10, 20, 30, 40], [7, 1])]);
    const out = layer.apply(ids) as tf.Tensor;
    expect(out.shape).toEqual([2, 2, 1]);
    expect(Array.from(out.dataSync())).toEqual([3, 25, 2, 20]);
    const bad = tf.tensor2d([[0, 0, 4, 0]], [1, 4], 'int32');
    expect(await messageOf(() => layer.apply(bad))).toMatch(
      /^FieldEmbedding: id 4 of field "genres" .* column 2\. Valid ids are 0 to 3/,
    );
    tf.dispose([ids, bad, out]);
    disposeWeights(layer);
  });

  const list = 'Layer: `fields` must be a list of {name, size}, one for each field. Received: ';
  it.each<[string, unknown, string]>([
    ['no fields', undefined, `${list}undefined.`],
    ['an empty list', [], `${list}[].`],
    ['sizes alone', [3], 'Layer: `fields[0]` must be {name, size}. Received: 3.'],
    ['a field without name', [{size: 3}], 'Layer: `fields[0].name` must be a non-empty string. Received: undefined.'],
    ['an empty name', [{name: '', size: 3}], 'Layer: `fields[0].name` must be a non-empty string. Received: "".'],
    [
      'ignored fields only',
      [{name: 'a', size: 2, ignored: true}],
      'Layer: all fields are `ignored`, so the layer would have no output. Remove the layer.',
    ],
    [
      'a name twice',
      [
        {name: 'a', size: 2},
        {name: 'a', size: 3},
      ],
      'Layer: two fields are called "a". Rename one.',
    ],
  ])('refuses %s', (_, fields, message) => {
    expect(() => new FieldLayout('Layer', fields as FieldSpec[])).toThrow(new Error(message));
  });
});

describe.each([
  ['FieldEmbedding', () => new FieldEmbedding({fields: mixed, outputDim: 2, seed: 1})],
  ['FieldLinear', () => new FieldLinear({fields: mixed})],
])('%s refuses', (name, make) => {
  const columns =
    `${name}: the input must be ids of shape [batch, 3]: one column for each one-hot field and \`width\` for each ` +
    'multi-hot one. Received shape: ';
  it.each([
    ['too few columns', [null, 2], `${columns}[null,2].`],
    ['another rank', [null, 3, 1], `${columns}[null,3,1].`],
  ])('%s', (_, shape, message) => {
    expect(() => make().apply(tfl.input({batchShape: shape, dtype: 'int32'}))).toThrow(new Error(message));
  });

  const rule = (id: number, field: string, row: number, column: number) =>
    `${name}: id ${id} of field "${field}" is out of range in row ${row} of the batch, column ${column}. `;
  const sizes = (size: number, padding = '') =>
    `Valid ids are 0 to ${size - 1}${padding}: ids count from 0 within each field, whose \`size\` is ${size}.`;
  it.each([
    [
      'an id as large as the size',
      [
        [0, 1, 1],
        [3, 0, 0],
      ],
      rule(3, 'user_ID', 1, 0) + sizes(3),
    ],
    ['padding of a one-hot field', [[-1, 0, 0]], rule(-1, 'user_ID', 0, 0) + sizes(3)],
    [
      'an id of the next field',
      [
        [0, 3, 3],
        [0, 3, 4],
      ],
      rule(4, 'genres', 1, 2) + sizes(4, ', and -1 for padding'),
    ],
    ['a negative id that is not padding', [[0, -2, 0]], rule(-2, 'genres', 0, 1) + sizes(4, ', and -1 for padding')],
  ])('%s, naming field, id and size', async (_, ids, message) => {
    const layer = make();
    expect(
      await messageOf(() =>
        tf.tidy(() => {
          layer.apply(tf.tensor2d(ids, undefined, 'int32'));
        }),
      ),
    ).toBe(message);
    disposeWeights(layer);
  });
});

describe('a table of more numbers than a tensor holds', () => {
  const fields = [
    {name: 'user', size: 2 ** 27 - 1},
    {name: 'item', size: 1},
  ];
  const message = (where: string, ids: number, width: string, numbers: number) =>
    `${where}: the fields have ${ids} ids in all, and a table with ${width} for each of them would hold ${numbers}; ` +
    'a tensor holds at ' +
    'most 2147483647. Give the fields fewer ids, by hashing or a minimum count, or use shorter embeddings.';

  it.each<[string, () => unknown, string]>([
    [
      'FieldEmbedding',
      () => new FieldEmbedding({fields, outputDim: 16}),
      message('FieldEmbedding', 2 ** 27, '16 numbers', 2 ** 31),
    ],
    [
      'FieldLinear',
      () => new FieldLinear({fields: [{name: 'user', size: 2 ** 31}]}),
      message('FieldLinear', 2 ** 31, '1 number', 2 ** 31),
    ],
    [
      'AttentionEmbedding',
      () =>
        attentionEmbedding({
          fields: [
            {name: 'item', size: 2 ** 40},
            {name: 'history', size: 2 ** 40, width: 2},
          ],
          outputDim: 4,
          behaviour: {name: 'history'},
          candidate: {name: 'item'},
        }),
      message('AttentionEmbedding', 2 ** 40, '4 numbers', 2 ** 42),
    ],
    ['a model', () => ffm({fields, embeddingDim: 16}), message('FieldAwareEmbedding', 2 ** 27, '16 numbers', 2 ** 31)],
  ])('is refused by %s, before it takes memory', (_, make, expected) => {
    expect(make).toThrow(new Error(expected));
  });

  it('counts no rows of ignored fields', () => {
    new FieldEmbedding({
      fields: [...fields.map(field => ({...field, ignored: true})), {name: 'hour', size: 2 ** 27 - 1}],
      outputDim: 16,
    });
  });
});
