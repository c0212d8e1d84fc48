import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {crossLinear, FieldLinear, type FieldSpec} from 'tfjs-autofis';
import {dropValues} from '../../src/schema/drop_values';
import {growVocabulary, idsBefore} from '../../src/schema/grow_vocabulary';
import {fittedField, fieldSpecs, FittedSchema} from '../../src/schema/vocabulary';
import {growModel, shrinkModel} from '../../src/update/grow_model';
import {fittedSchema} from '../helpers/fitted';
import {randomWeights, zooIds} from '../helpers/plain_models';
import {expectNoLeak} from '../helpers/tensors';
import {fieldsOf, zoo, ZooCase} from '../helpers/zoo';

const small = {embeddingDim: 3, hiddenUnits: [5, 4], seed: 7};

/** A fitted schema of fields of these sizes. */
function schemaOf(fields: ReturnType<typeof fieldsOf>): FittedSchema {
  return fittedSchema(
    fields.map(({name, size, width, combiner}) => ({
      rule:
        width === undefined
          ? {type: 'categorical' as const, name, column: name}
          : {type: 'multiValued' as const, name, column: name, separator: '|', width, combiner},
      values: Array.from({length: size - 2}, (_, i) => `${i}`),
    })),
  );
}

/** The schema with these numbers of new values. */
function grownBy(fitted: FittedSchema, added: readonly number[]): FittedSchema {
  const fresh = {
    ...fitted,
    fields: fitted.fields.map(({training}, f) =>
      fittedField(fitted.schema.fields[f], training, {values: Array.from({length: added[f]}, (_, i) => `new ${i}`)}),
    ),
  };
  return growVocabulary(fitted, fresh).fitted;
}

function predict(model: tfl.LayersModel, ids: Int32Array, rows: number): Float32Array {
  return tf.tidy(() =>
    (model.predict(tf.tensor2d(ids, [rows, ids.length / rows], 'int32'), {batchSize: rows}) as tf.Tensor).dataSync(),
  ) as Float32Array;
}

/** A list holds its unseen values once, as encoders write it; of new ones it has at most one here. */
const asEncoded = (row: number[], fields: ReturnType<typeof fieldsOf>, sizes: readonly number[]) => {
  let from = 0;
  return fields.flatMap(({width}, f) => {
    const own = row.slice(from, (from += width ?? 1));
    if (width === undefined) return own;
    const unknown = own.filter(id => id === 1 || id >= sizes[f]).slice(0, 1);
    const list = [...new Set(own.filter(id => id >= 0 && id !== 1 && id < sizes[f])), ...unknown];
    return [...list, ...Array<number>(width - list.length).fill(-1)];
  });
};

describe.each(zoo)('$title', (each: ZooCase) => {
  const fields = fieldsOf(each, 'multiHot');

  it('known rows as before, new values as unseen ones', () => {
    const sizes = fields.map(({size}) => size);
    const fitted = schemaOf(fields);
    const model = each.build({...small, ...each.options, fields});
    randomWeights(model, 3);
    fc.assert(
      fc.property(fc.array(fc.integer({min: 0, max: 4}), {minLength: 4, maxLength: 4}), fc.nat(), (counts, seed) => {
        const added = fields.map(({name}, f) => counts[name === 'history' ? 0 : f]);
        const after = grownBy(fitted, added);
        const grown = growModel(model, after).model;
        const rows = zooIds(fieldSpecs(after), 40, seed).map(row => asEncoded(row, fields, sizes));
        const ids = Int32Array.from(rows.flat());
        const old = predict(model, idsBefore(ids, fitted), rows.length);
        const now = predict(grown, ids, rows.length);
        grown.dispose();
        expect(now).toEqual(old);
      }),
      {numRuns: 3, seed: 1},
    );
    model.dispose();
  });

  it('without some values, rows of the others as before', () => {
    const fitted = schemaOf(fields);
    const model = each.build({...small, ...each.options, fields});
    randomWeights(model, 3);
    // The history of DIN shares its rows with the item.
    const gone = fields.map(({name, size}, f) => (size > 4 && (name !== 'history' || f === 0) ? 1 : 0));
    const isGone = (f: number, id: number) => id === 3 && gone[name(f)] === 1;
    const name = (f: number) => (fields[f].name === 'history' ? 0 : f);
    const unused = Object.fromEntries(
      fields.map((field, f) => [
        field.name,
        Array.from({length: field.size - 2}, (_, v) => (isGone(f, v + 2) ? 1 : 0)),
      ]),
    );
    const dropped = dropValues(fitted, unused, 1);
    const slim = shrinkModel(model, dropped).model;
    const widths = fields.flatMap(({width}, f) => Array<number>(width ?? 1).fill(f));
    const rows = zooIds(fields, 200, 5)
      .map(row =>
        asEncoded(
          [...row],
          fields,
          fields.map(({size}) => size),
        ),
      )
      .filter(row => row.every((id, i) => !isGone(widths[i], id)));
    const renumbered = rows.map(row => row.map((id, i) => (id < 0 ? id : dropped.sources[widths[i]].indexOf(id))));
    expect(rows.length).toBeGreaterThan(5);
    expect(predict(slim, Int32Array.from(renumbered.flat()), rows.length)).toEqual(
      predict(model, Int32Array.from(rows.flat()), rows.length),
    );
    expect(slim.countParams()).toBeLessThan(model.countParams());
    [slim, model].forEach(each => each.dispose());
  });
});

const fields = [
  {name: 'a', size: 3},
  {name: 'b', size: 4},
];

/** A model of one layer over some columns of ids. */
function modelOf(layer: tfl.layers.Layer, columns = 2): tfl.LayersModel {
  const ids = tfl.input({shape: [columns], dtype: 'int32'});
  return tfl.model({inputs: ids, outputs: layer.apply(ids) as tfl.SymbolicTensor});
}

/** A model of the weights 1 to 4 of four pairs of ids. */
function crossed(dictionary: number[]): tfl.LayersModel {
  const crosses = crossLinear({fields, interactions: [[0, 1]], counts: [4], dictionary, batchL2: 0});
  const model = modelOf(crosses);
  crosses.setWeights([tf.tensor2d([1, 2, 3, 4], [4, 1]), crosses.getWeights()[1]]);
  return model;
}

test('moments grow with their weights: known rows keep them, new rows have none', () => {
  const model = modelOf(new FieldLinear({fields}));
  const {model: grown, growSlot} = growModel(model, grownBy(schemaOf(fields), [2, 1]));
  const slot = tf.tensor2d([1, 2, 3, 4, 5, 6, 7], [7, 1]);
  expect([...growSlot(slot, 0).dataSync()]).toEqual([1, 2, 3, 0, 0, 4, 5, 6, 7, 0]);
  expect([...growSlot(tf.tensor1d([9]), 1).dataSync()]).toEqual([9]);
  expect(grown.countParams()).toBe(11);
});

test('a dictionary repeats the combinations of unseen values, in the order of ids', () => {
  const model = crossed([0, 1, 1, 1, 1, 3, 2, 2]);
  const {model: grown, growSlot} = growModel(model, grownBy(schemaOf(fields), [1, 1]));
  const [kernel, dictionary] = grown.layers[1].getWeights();
  expect((dictionary.arraySync() as number[][]).join(' ')).toBe('0,1 0,4 1,1 1,3 1,4 2,2 3,1 3,3 3,4');
  expect([...kernel.dataSync()]).toEqual([1, 1, 2, 3, 2, 4, 2, 3, 2]);
  const slot = tf.tensor2d([5, 6, 7, 8], [4, 1]);
  expect([...growSlot(slot, 0).dataSync()]).toEqual([5, 0, 6, 7, 0, 8, 0, 0, 0]);
});

test('a dictionary of triples repeats those of unseen values, too', () => {
  const three: FieldSpec[] = [...fields, {name: 'c', size: 2}];
  const crosses = crossLinear({
    fields: three,
    interactions: [
      [0, 2],
      [0, 1, 2],
    ],
    counts: [1, 2],
    dictionary: [
      [1, 0, 0],
      [0, 1, 1],
      [1, 2, 0],
    ].flat(),
    batchL2: 0,
  });
  const model = modelOf(crosses, 3);
  crosses.setWeights([tf.tensor2d([1, 2, 3], [3, 1]), crosses.getWeights()[1]]);
  const {model: grown, growSlot} = growModel(model, grownBy(schemaOf(three), [1, 1, 0]));
  const [kernel, dictionary] = grown.layers[1].getWeights();
  expect((dictionary.arraySync() as number[][]).join(' ')).toBe('1,0,0 3,0,0 0,1,1 0,4,1 1,2,0 3,2,0');
  expect([...kernel.dataSync()]).toEqual([1, 1, 2, 2, 3, 3]);
  expect([...growSlot(tf.tensor2d([5, 6, 7], [3, 1]), 0).dataSync()]).toEqual([5, 0, 6, 0, 7, 0]);
});

test('a dictionary loses the combinations of dropped values', () => {
  const model = crossed([0, 1, 1, 2, 1, 3, 2, 3]);
  const {model: slim, growSlot} = shrinkModel(model, dropValues(schemaOf(fields), {b: [1, 0]}, 1));
  const [kernel, dictionary] = slim.layers[1].getWeights();
  expect((dictionary.arraySync() as number[][]).join(' ')).toBe('0,1 1,2 2,2');
  expect([...kernel.dataSync()]).toEqual([1, 3, 4]);
  expect([...growSlot(tf.tensor2d([5, 6, 7, 8], [4, 1]), 0).dataSync()]).toEqual([5, 7, 8]);
});

test('hashed combinations keep their weights', () => {
  const crosses = crossLinear({fields, interactions: [[0, 1]], hashSize: 5, batchL2: 0});
  const model = modelOf(crosses);
  crosses.setWeights([tf.tensor2d([1, 2, 3, 4, 5], [5, 1])]);
  const {model: grown} = growModel(model, grownBy(schemaOf(fields), [1, 1]));
  const rows = Int32Array.from([0, 0, 1, 1, 2, 3, 0, 3]);
  expect(predict(grown, rows, 4)).toEqual(predict(model, rows, 4));
});

test('a grown model leaks nothing', async () => {
  const model = modelOf(new FieldLinear({fields}));
  const after = grownBy(schemaOf(fields), [2, 1]);
  await expectNoLeak(() => {
    growModel(model, after).model.dispose();
  });
});

test('models that do not fit the schema', () => {
  const model = modelOf(new FieldLinear({fields}));
  expect(() => growModel(model, schemaOf([fields[0], {name: 'c', size: 4}]))).toThrow('growModel: the fields of layer');
  expect(() => growModel(model, schemaOf([fields[0], {name: 'b', size: 3}]))).toThrow('as many ids or fewer');
});
