import * as tfl from '@tensorflow/tfjs-layers';
import type {Interaction} from 'tfjs-autofis';
import {
  attentionEmbedding,
  fieldAwareEmbedding,
  FieldEmbedding,
  FieldSpec,
  gatedInteraction,
  NumericEmbedding,
} from 'tfjs-autofis/layers';
import {checkModel, findGates} from '../../src/stages/gates';
import {layersOf} from '../../src/stages/model_layers';
import {foreignLayers} from '../helpers/foreign';

const fields: FieldSpec[] = [
  {name: 'user_ID', size: 3},
  {name: 'C1', size: 3},
  {name: 'hour', size: 3},
];
const symbolic = (x: unknown) => x as tfl.SymbolicTensor;
const embed = (specs = fields) => new FieldEmbedding({fields: specs, outputDim: 2});

describe('findGates', () => {
  it('names fields after the FieldEmbedding that feeds the gate, layers in between included', () => {
    const ids = tfl.input({shape: [3], dtype: 'int32'});
    const dropped = tfl.layers.dropout({rate: 0.1}).apply(embed().apply(ids));
    const model = tfl.model({inputs: ids, outputs: symbolic(gatedInteraction().apply(symbolic(dropped)))});
    expect(findGates('here', model).map(gate => gate.fieldNames)).toEqual([['user_ID', 'C1', 'hour']]);
    model.dispose();
  });

  it('prefers the names given to the gate', () => {
    const model = tfl.sequential({
      layers: [embed(), gatedInteraction({fields: [{name: 'a'}, {name: 'b'}, {name: 'c'}]})],
    });
    expect(findGates('here', model)[0].fieldNames).toEqual(['a', 'b', 'c']);
    model.dispose();
  });

  it('refuses names given to the gate in another order than the embedding has', () => {
    const model = tfl.sequential({
      layers: [
        new FieldEmbedding({fields, outputDim: 2, name: 'table'}),
        gatedInteraction({fields: [{name: 'hour'}, {name: 'C1'}, {name: 'user_ID'}], name: 'gate'}),
      ],
    });
    expect(() => findGates('here', model)).toThrow(
      new Error(
        'here: `fields` of gate gate must have the order of table in front of it, ["user_ID","C1","hour"]. ' +
          'Received: ["hour","C1","user_ID"]. Leave `fields` out: the gate then takes those names.',
      ),
    );
    model.dispose();
  });

  it('names fields after an embedding in a nested model', () => {
    const ids = tfl.input({shape: [3], dtype: 'int32'});
    const inner = tfl.sequential({layers: [embed()]});
    const model = tfl.model({
      inputs: ids,
      outputs: symbolic(gatedInteraction().apply(symbolic(inner.apply(ids)))),
    });
    expect(findGates('here', model)[0].fieldNames).toEqual(['user_ID', 'C1', 'hour']);
    model.dispose();
  });

  it('counts fields where nothing names them', () => {
    const model = tfl.sequential({
      layers: [tfl.layers.embedding({inputDim: 9, outputDim: 2, inputLength: 3}), gatedInteraction()],
    });
    expect(findGates('here', model)[0].fieldNames).toEqual(['field 0', 'field 1', 'field 2']);
    model.dispose();
  });

  it.each([
    [[0, 2], null],
    [[1, 2], '[[0,1],[0,2]]. Received: [[0,1],[1,2]]. Give both layers the same list.'],
  ])('of field-aware pairs 0 x 1 and 0 x 2: the gate has [0, 1] and %j', (second, fault) => {
    const pairs: Interaction[] = [
      [0, 1],
      [0, 2],
    ];
    const model = tfl.sequential({
      layers: [
        fieldAwareEmbedding({fields, outputDim: 2, interactions: pairs}),
        tfl.layers.dropout({rate: 0.1}),
        gatedInteraction({name: 'gate', interactions: [[0, 1], second as unknown as Interaction]}),
      ],
    });
    const find = () => findGates('here', model);
    if (fault === null) expect(find()[0].layer.interactions).toEqual(pairs);
    else {
      expect(find).toThrow(
        `here: gate gate must have the \`interactions\` of the FieldAwareEmbedding in front of it, ${fault}`,
      );
    }
    model.dispose();
  });

  it('names fields after all embeddings that are joined before the gate', () => {
    const ids = tfl.input({shape: [4], dtype: 'int32'});
    const numbers = tfl.input({shape: [2]});
    const history = {name: 'history', size: 3, width: 2};
    const own = [history, {name: 'item', size: 3}, {...fields[0], ignored: true}];
    const parts = [
      attentionEmbedding({fields: own, outputDim: 2, behaviour: {name: 'history'}, candidate: {name: 'item'}}),
      embed([{...history, ignored: true}, {name: 'item', size: 3, ignored: true}, fields[0]]),
    ].map(layer => layer.apply(ids));
    parts.push(new NumericEmbedding({fields: [{name: 'age'}, {name: 'km'}], outputDim: 2}).apply(numbers));
    const all = symbolic(tfl.layers.concatenate({axis: 1}).apply(parts.map(symbolic)));
    const model = tfl.model({inputs: [ids, numbers], outputs: symbolic(gatedInteraction().apply(all))});
    expect(findGates('here', model)[0].fieldNames).toEqual(['history', 'item', 'user_ID', 'age', 'km']);
    model.dispose();
  });

  it('finds gates of nested models, in the order of the layers, and skips those without an alpha', () => {
    const ids = tfl.input({shape: [3], dtype: 'int32'});
    const e = symbolic(embed().apply(ids));
    const inner = tfl.sequential({layers: [gatedInteraction({order: 3, name: 'inner', inputShape: [3, 2]})]});
    const sum = symbolic(
      tfl.layers
        .add()
        .apply([
          gatedInteraction({name: 'first'}).apply(e),
          inner.apply(e),
          gatedInteraction({name: 'fm', useAlpha: false}).apply(e),
        ] as tfl.SymbolicTensor[]),
    );
    const model = tfl.model({inputs: ids, outputs: sum});
    expect(
      findGates('here', model)
        .map(({layer}) => layer.name)
        .sort(),
    ).toEqual(['first', 'inner']);
    expect(layersOf(model).map(layer => layer.name)).toContain('inner');
    model.dispose();
  });

  it('says which layers a model without gates has', () => {
    const model = tfl.sequential({
      layers: [tfl.layers.dense({units: 1, inputShape: [2]}), tfl.layers.activation({activation: 'sigmoid'})],
    });
    expect(() => findGates('SearchStage', model)).toThrow(
      new Error(
        'SearchStage: the model has no gate to search: no GatedInteraction with an alpha among its layers Dense, ' +
          'Activation. ' +
          'Add new GatedInteraction() after the embeddings, as a layer of the model and not inside another.',
      ),
    );
    model.dispose();
  });
});

describe('checkModel', () => {
  it.each([
    [undefined, 'undefined'],
    [{a: 1}, '{"a":1}'],
    ['model', '"model"'],
  ])('refuses %p', (value, shown) => {
    expect(() => checkModel('retrainModel', value)).toThrow(
      new Error(`retrainModel: \`model\` must be a tf.LayersModel or tf.Sequential. Received: ${shown}.`),
    );
  });

  it('refuses a model of another copy of tfjs-layers', () => {
    const copy = foreignLayers();
    expect(() =>
      checkModel('retrainModel', copy.sequential({layers: [copy.layers.dense({units: 1, inputShape: [2]})]})),
    ).toThrow(
      /^retrainModel: the model comes from another copy of @tensorflow\/tfjs-layers than the one that tfjs-autofis imports\./,
    );
  });
});
