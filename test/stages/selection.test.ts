import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import {allInteractions, SearchStage, Selection, selectionOf} from 'tfjs-autofis';
import {checkSelection} from '../../src/stages/check_selection';
import {findGates} from '../../src/stages/gates';
import {gatedModel} from '../helpers/models';
import {selectInteractions} from '../../src/stages/selection';

const names = ['a', 'b', 'c'];
const pairs = {interactions: allInteractions(3, 2), order: 2 as const, fieldNames: names};
const triples = {interactions: allInteractions(3, 3), order: 3 as const, fieldNames: names};

describe('selectInteractions', () => {
  it('keeps what is not 0, the largest |alpha| first, negative ones too', () => {
    expect(selectInteractions([{...pairs, alpha: [0.2, -0.9, 0]}])).toEqual([
      {fields: ['a', 'c'], alpha: -0.9, rank: 1, order: 2, interaction: [0, 2], gate: 0},
      {fields: ['a', 'b'], alpha: 0.2, rank: 2, order: 2, interaction: [0, 1], gate: 0},
    ]);
  });

  it('ranks the interactions of all gates together', () => {
    const selection = selectInteractions([
      {...pairs, alpha: [0.2, 0, 0.5]},
      {...triples, alpha: [-0.3]},
    ]);
    expect(selection.map(({rank, gate, order, fields}) => [rank, gate, order, fields.join('')])).toEqual([
      [1, 0, 2, 'bc'],
      [2, 1, 3, 'abc'],
      [3, 0, 2, 'ab'],
    ]);
  });

  it('cuts below a share of the largest |alpha| of each gate by itself', () => {
    const gates = [
      {...pairs, alpha: [1, -0.4, 0.39]},
      {...triples, alpha: [0.01]},
    ];
    const keys = (cut: number) => selectInteractions(gates, {cut}).map(s => s.fields.join(''));
    expect(keys(0.4)).toEqual(['ab', 'ac', 'abc']);
    expect(keys(0.5)).toEqual(['ab', 'abc']);
    expect(keys(0)).toEqual(['ab', 'ac', 'bc', 'abc']);
  });

  it('keeps the given number of the largest |alpha| of the model', () => {
    const gates = [
      {...pairs, alpha: [1, -0.4, 0.39]},
      {...triples, alpha: [0.7]},
    ];
    expect(selectInteractions(gates, {keep: 2}).map(s => s.fields.join(''))).toEqual(['ab', 'abc']);
    expect(selectInteractions(gates, {keep: 9})).toHaveLength(4);
  });

  it('breaks ties by the order of allInteractions', () => {
    expect(selectInteractions([{...pairs, alpha: [0.5, -0.5, 0.5]}]).map(s => s.interaction)).toEqual(
      pairs.interactions,
    );
  });

  it('has as many entries as open gates, sorted, ranks 1, 2, ...', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(-0.5, -0.25, 0, 0.25, 0.75), {minLength: 10, maxLength: 10}), alpha => {
        const selection = selectInteractions([
          {interactions: allInteractions(5, 2), order: 2, fieldNames: [...names, 'd', 'e'], alpha},
        ]);
        expect(selection).toHaveLength(alpha.filter(a => a !== 0).length);
        selection.forEach((s, i) => {
          expect(s.rank).toBe(i + 1);
          expect(s.alpha).toBe(alpha[allInteractions(5, 2).findIndex(t => t.join() === s.interaction.join())]);
          if (i > 0) expect(Math.abs(selection[i - 1].alpha)).toBeGreaterThanOrEqual(Math.abs(s.alpha));
        });
      }),
      {seed: 1, numRuns: 100},
    );
  });
});

describe('selectionOf', () => {
  it("reads a model's gates, those closed for good left out", () => {
    const model = gatedModel();
    const [{layer}] = findGates('here', model);
    tf.tidy(() => {
      layer.alpha!.write(tf.tensor1d([0.5, 0, -0.75, 0.25, 0, 1]));
      layer.open!.write(tf.tensor1d([1, 1, 1, 0, 1, 1]));
    });
    expect(selectionOf(model).map(({fields, alpha}) => [fields, alpha])).toEqual([
      [['a_b', 'hour'], 1],
      [['user_ID', 'hour'], -0.75],
      [['user_ID', 'C1'], 0.5],
    ]);
    expect(selectionOf(model, {cut: 0.6})).toHaveLength(2);
    expect(() => selectionOf(model, {kep: 2} as never)).toThrow(
      new Error('selectionOf: `kep` must not be given: the options are cut, keep. Received: 2.'),
    );
    for (const cut of [1, -0.1])
      expect(() => selectionOf(model, {cut})).toThrow(
        new Error(`selectionOf: \`cut\` must be a number in [0, 1). Received: ${cut}.`),
      );
    model.dispose();
  });
});

describe('checkSelection refuses', () => {
  const good = {fields: ['user_ID', 'C1'], alpha: 0.5, rank: 1, order: 2 as const, interaction: [0, 1], gate: 0};
  const same = 'Use the selection with the model that it was searched in.';

  it('the search in place of its selection', async () => {
    const search = new SearchStage();
    const model = gatedModel();
    const [xs, ys] = [tf.zeros([2, 4], 'int32'), tf.ones([2, 1])];
    jest.spyOn(console, 'warn').mockImplementation(() => {});
    await model.fit(xs, ys, {epochs: 2, verbose: 0, callbacks: [search]});
    jest.restoreAllMocks();
    // It has no JSON: it holds the gates, whose nodes name them.
    expect(() => checkSelection('here', search as never, [])).toThrow(
      new Error('here: `selection` must be the list that `search.selection` gives. Received: [object SearchStage].'),
    );
    tf.dispose([xs, ys]);
    model.dispose();
  });

  it.each<[string, unknown, string]>([
    ['no list', undefined, 'here: `selection` must be the list that `search.selection` gives. Received: undefined.'],
    [
      'a gate that is not there',
      [good, {...good, gate: 1}],
      `here: selection[1] (user_ID x C1) belongs to gate 1, but the model has 1. ${same}`,
    ],
    [
      'an interaction that is not there',
      [{...good, interaction: [0, 4]}],
      `here: selection[0] (user_ID x C1): gate 0 of the model does not compute the fields [0,4] of order 2. ${same}`,
    ],
    [
      'other fields',
      [{...good, fields: ['user_ID', 'C2']}],
      'here: selection[0] (user_ID x C2) comes from other fields: in this model positions [0,1] are user_ID x C1. ' +
        'Search this model, or build it with the fields of the selection.',
    ],
    [
      'an alpha that is not a number',
      [{...good, alpha: null}],
      'here: selection[0] (user_ID x C1): `alpha` must be a finite number. Received: null.',
    ],
    ['the same twice', [good, {...good, alpha: 0.1}], 'here: `selection` holds user_ID x C1 twice. Remove one.'],
    [
      'names in place of an entry',
      [['user_ID', 'C1']],
      'here: selection[0] (["user_ID","C1"]) must be {fields, alpha, rank, order, interaction, gate}, as ' +
        '`search.selection` has it. To name interactions yourself, give the gate or the model `interactions`.',
    ],
  ])('%s', (_, selection, message) => {
    const model = gatedModel();
    expect(() => checkSelection('here', selection as Selection, findGates('here', model))).toThrow(new Error(message));
    model.dispose();
  });
});
