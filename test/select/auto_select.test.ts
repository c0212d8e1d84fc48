import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutoSelectArgs, autoSelect, SeededBatches, selectionOf} from 'tfjs-autofis';
import {autoIpnn} from 'tfjs-autofis/models';
import {score} from '../../src/training/evaluation';
import {firstStrength, nextStrength} from '../../src/select/search_run';
import {asTensors, fields, gatedModel, plantedRows, saveAndLoad} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {expectNoLeak, messageOf, weightValues} from '../helpers/tensors';

const warned = captureWarnings();
const rows = plantedRows(2000, fields, [[0, 1], [2, 3]], 6);
const part = (from: number, to: number) => asTensors({ids: rows.ids.slice(from, to), labels: rows.labels.slice(from, to)});

let train: ReturnType<typeof asTensors>, validation: ReturnType<typeof asTensors>, test: ReturnType<typeof asTensors>;
let model: tfl.LayersModel, optimizer: tf.Optimizer;
beforeAll(() => {
  [train, validation, test] = [part(0, 1200), part(1200, 1500), part(1500, 2000)];
  optimizer = tf.train.adam(0.02);
  model = gatedModel({optimizer});
});
afterAll(() => {
  model.dispose();
  optimizer.dispose();
  [train, validation, test].forEach(data => data.dispose());
});

const args = (): AutoSelectArgs => ({
  model, train, validation, test, strengths: [1, 3], searchEpochs: 8, batchSize: 60, epochs: 4, leastEpochs: 2, patience: 1,
});

describe('autoSelect', () => {
  it('searches along the path, retrains in both forms, and gives the chosen model trained', async () => {
    const before = weightValues(model.weights);
    const seen: unknown[] = [];
    const result = await autoSelect({...args(), onRun: candidate => seen.push(candidate)});
    const {candidates, chosen, searches, selection} = result;
    expect(seen).toEqual(candidates);
    const cut = candidates.filter(c => c.epochs - c.bestEpoch < 1);
    expect(cut.length).toBeGreaterThan(0);
    expect(result.warnings).toEqual([expect.stringMatching(`^${cut.length} of ${candidates.length} retrained models.* had not stopped getting better by the last of 4 epochs`)]);
    expect(warned()).toEqual(expect.arrayContaining(result.warnings.map(message => `autoSelect: ${message}`)));
    const order = candidates.map(c => `${c.strength} ${c.form}`);
    expect(order.slice(0, 6)).toEqual(['1 searched', '1 gated', '3 searched', '3 gated', 'null gated', 'null plain']);
    // Then fewer and fewer interactions of the better search: plain as they are, then as the search left them or with gates, plain again.
    const rest = candidates.slice(6), forms = rest.map(c => c.form[0]).join('');
    const [better] = new Set(rest.filter(c => c.form[0] !== 'p').map(c => c.strength));
    const size = searches.find(s => s.strength === better)!.selection.length;
    expect(rest.length).toBeGreaterThan(1);
    expect(new Set(rest.filter(c => c.form[0] !== 'p').map(c => c.strength))).toEqual(new Set([better]));
    expect(forms).toMatch(/^p?(g+p*|s+)$/);
    expect(rest.every(c => c.form === 'plain' || c.kept < size)).toBe(true);
    expect(searches.map(s => s.strength)).toEqual([1, 3]);
    expect(searches[1].selection.length).toBeLessThan(6);
    expect(selection).toHaveLength(chosen.kept);
    expect(selection.slice(0, 2).map(s => s.fields.join()).sort()).toEqual(['a_b,hour', 'user_ID,C1']);
    expect(await score(result.model, validation)).toEqual(chosen.validation);
    expect(await score(result.model, test)).toEqual(chosen.test);
    expect(chosen.test!.auc).toBeGreaterThan(0.9);
    expect(weightValues(model.weights)).toEqual(before);
    // An ordinary model: it goes on training, and survives a save.
    await result.model.fit(train.xs, train.ys, {epochs: 1, verbose: 0});
    const loaded = await saveAndLoad(result.model);
    expect(await score(loaded, test)).toEqual(await score(result.model, test));
    [result.model, loaded].forEach(m => m.dispose());
  });

  it('chooses by validation rows alone: the same without test rows', async () => {
    const [a, b] = [await autoSelect(args()), await autoSelect({...args(), test: undefined})];
    expect(b.chosen).toEqual({...a.chosen, seconds: expect.any(Number), test: null});
    expect(b.selection).toEqual(a.selection);
    expect(weightValues(b.model.weights)).toEqual(weightValues(a.model.weights));
    [a, b].forEach(result => result.model.dispose());
  });

  it('fits its path to the noise of the validation rows unless told otherwise', async () => {
    const {searches, model: slim} = await autoSelect({...args(), strengths: undefined, epochs: 2});
    const {seed, searchEpochs, batchSize} = {seed: 1, ...args()};
    const first = firstStrength({model, train, validation, seed, searchEpochs, training: {batchSize: batchSize!}});
    expect(searches.map(s => s.strength)).toEqual([first, nextStrength(first, searches[0].selection.length / 6)]);
    slim.dispose();
  });

  it('only retrains where a model cannot be pruned', async () => {
    const ipnn = autoIpnn({fields, embeddingDim: 2, hiddenUnits: [4], optimizer});
    const {candidates, model: slim} = await autoSelect({...args(), model: ipnn, strengths: [1], searchEpochs: 2, epochs: 2});
    expect(candidates.slice(0, 3).map(c => `${c.strength} ${c.form}`)).toEqual(['1 gated', 'null gated', 'null plain']);
    expect(candidates.map(c => c.form)).not.toContain('searched');
    [ipnn, slim].forEach(m => m.dispose());
  });

  it('compares plain sets by cross-validation, unless training rows come as a stream', async () => {
    const ipnn = autoIpnn({fields, embeddingDim: 2, hiddenUnits: [4], optimizer});
    const run = async (rows: AutoSelectArgs['train']) => {
      const {candidates, chosen, model: slim} = await autoSelect({...args(), model: ipnn, train: rows, strengths: [1], searchEpochs: 4});
      slim.dispose();
      return {chosen, plain: candidates.filter(c => c.form === 'plain'), others: candidates.filter(c => c.form !== 'plain')};
    };
    const {chosen, plain, others} = await run(train);
    expect(plain.length).toBeGreaterThan(1);
    expect(plain.every(c => c.crossAuc! > 0.5 && c.crossAuc! <= 1)).toBe(true);
    expect(others.every(c => c.crossAuc === null)).toBe(true);
    expect(plain).toContain(chosen);
    const streamed = await run((seed, batchSize) => new SeededBatches(train, {batchSize, seed}));
    expect(streamed.plain.every(c => c.crossAuc === null)).toBe(true);
    expect(streamed.plain[0]).toEqual({...plain[0], crossAuc: null, seconds: expect.any(Number)});
    ipnn.dispose();
  });

  it('judges its selection when asked', async () => {
    const {verdict, chosen, model: slim} = await autoSelect({...args(), tolerance: 1000, judge: {seeds: [1], randomSets: 1, topKEpochs: 0}});
    // With so large a tolerance the smallest set of its form wins.
    expect(chosen).toMatchObject({kept: 1, strength: expect.any(Number)});
    expect(verdict!.words).toMatch(/^The selection of 1 of 6 interactions/);
    expect(verdict!.duels.map(d => d.opponent)).toEqual(['random', 'all']);
    slim.dispose();
  });

  it('falls back on all interactions where every gate closes', async () => {
    const {chosen, selection, searches, verdict, model: slim} = await autoSelect({...args(), strengths: [50], judge: {}});
    expect(searches[0].selection).toEqual([]);
    expect(chosen).toMatchObject({strength: null, kept: 6});
    expect(selection).toHaveLength(6);
    expect(verdict).toBeNull();
    if (chosen.form === 'gated') expect(selectionOf(slim)).toHaveLength(6);
    slim.dispose();
  });

  it('leaves no tensor behind but those of its model', async () => {
    await expectNoLeak(async () => { (await autoSelect({...args(), strengths: [3], epochs: 2})).model.dispose(); });
  });

  it.each<[string, () => object, string]>([
    ['no strengths', () => ({strengths: []}), 'autoSelect: `strengths` must be a list of numbers > 0, at least one. Received: [].'],
    ['a strength of 0', () => ({strengths: [1, 0]}), 'autoSelect: `strengths[1]` must be a number in (0, Infinity). Received: 0.'],
    ['a negative tolerance', () => ({tolerance: -1}), 'autoSelect: `tolerance` must be a number in [0, Infinity). Received: -1.'],
    ['a verdict without test rows', () => ({test: undefined, judge: {}}),
      'autoSelect: `judge` needs test rows that nothing was chosen by. Give `test`.'],
    ['no validation rows', () => ({validation: undefined}), 'autoSelect: `validation` must be {xs, ys}, tensors with the same number of rows, ' +
      'at least one. Received: undefined, undefined.'],
    ['a model without gates', () => ({model: plain()}), 'autoSelect: the model has no gate to search: no GatedInteraction with an alpha among ' +
      'its layers Dense. Add new GatedInteraction() after the embeddings.'],
    ['gates that start at 0', () => ({model: gatedModel({alphaInit: 0})}), 'autoSelect: gate gate starts at `alphaInit` 0, as if all were closed, and ' +
      'what is measured in units of its start would be 0. Build GatedInteraction with another `alphaInit`; the default is 0.6.'],
  ])('refuses %s', async (_, change, message) => {
    expect(await messageOf(() => autoSelect({...args(), ...change()}))).toBe(message);
  });
  const plain = () => tfl.sequential({layers: [tfl.layers.dense({units: 1, inputShape: [4]})]});
});
