import {loadBundle, saveBundle, updateBundle} from 'tfjs-autofis/bundle';
import type {Candidate} from '../../../src/select/candidate';
import {scheduleFor} from '../../../src/training/schedule';
import {day, firstBundle, written} from '../../helpers/click_days';
import {generator, integers} from '../../helpers/random';
import {expectNoLeak} from '../../helpers/tensors';

describe('updateBundle with refit', () => {
  const shape = {crosses: false, ridge: null, tables: null, startRidge: null, schedule: null, mean: null};
  const calibration = {intercept: 0, slope: 1};
  const schedule = scheduleFor(3000);
  const tables = {
    fields: [3, 3, 3],
    interactions: [{interaction: [0, 1], tables: [{level: 0, ridge: 1}]}],
    lightness: 1,
  };

  it.each([
    ['LR', {form: 'LR', ridge: [3, 1, 10]}, 'GA2M, 1 of 3', ['FieldLinear', 'CrossLinear']],
    ['GA2M', {form: 'GA2M', tables}, 'GA2M, 1 of 3', ['FieldLinear', 'CrossLinear']],
    ['FFM', {form: 'FFM, ridge 10', schedule}, 'FFM', ['FieldLinear', 'FieldAwareEmbedding', 'GatedInteraction']],
    [
      'FFM on LR',
      {form: 'FFM on LR, ridge 10', schedule, startRidge: 3},
      'FFM on LR, ridge 10 + GA2M, 1 of 3',
      ['FieldAwareEmbedding', 'CrossLinear'],
    ],
    [
      'FFM + GA2M',
      {
        form: 'FFM + GA2M',
        mean: [
          {form: 'FFM, ridge 10', schedule},
          {form: 'GA2M', tables},
        ],
      },
      'FFM, ridge 10 + GA2M, 1 of 3',
      ['FieldAwareEmbedding', 'CrossLinear'],
    ],
  ])('trains %s from nothing on all rows, or with tables where they are better', async (name, own, after, layers) => {
    const place = await firstBundle(`refit ${name}`);
    const {model, fitted, selection} = await loadBundle(place);
    const common = {...shape, calibration, parameters: 1, choice: {auc: 1, logloss: 0}, seconds: 1};
    const candidate = {...common, ...own, name};
    if ('mean' in own) Object.assign(candidate, {mean: own.mean.map(each => ({...common, ...each, selection}))});
    const kept = name === 'LR' ? {} : {selection: selection!};
    await saveBundle(place, {model, fitted, ...kept, metadata: {candidate}});
    model.dispose();
    const both = [day('monday.csv', {rows: 3000, seed: 1}), day('later.csv', {rows: 3000, seed: 2, from: 4})];
    const source = {format: 'csv' as const, files: both};
    await expectNoLeak(async () => {
      const report = await updateBundle(place, {source, refit: true, heldOut: 0.1, force: true});
      expect(report.selection === null).toBe(after.includes('GA2M'));
      expect(report).toMatchObject({kind: {before: name, after}, rows: {training: 5400, heldOut: 600}, written: true});
      expect(report.changes).toEqual({added: name === 'LR' ? [['site', 'hour']] : [], gone: []});
      expect(report.text).toContain(
        name === 'LR'
          ? '\nInteractions by name, compared with the old model: 1 new (site x hour).\n'
          : '\nIts interactions are those of the old model.\n',
      );
      expect(report.after.auc).toBeGreaterThan(0.85);
      expect(report.text).toMatch(/^Trained from scratch on 5,400 rows\. Of the newest 600, held out from that, half/);
    });
    const updated = await loadBundle(place);
    expect(updated.model.layers.map(layer => layer.getClassName())).toEqual(expect.arrayContaining(layers));
    expect(updated.fitted.rows).toBe(5400);
    expect(updated.fitted.fields[0].size).toBe(14);
    expect((updated.metadata['candidate'] as {name: string}).name).toBe(after);
    expect(updated.selection?.map(({fields}) => fields.join())).toEqual(['site,hour']);
    updated.dispose();
  });

  it('gives the products of a mean the pairs that have tables, too', async () => {
    const place = await firstBundle('refit with other pairs');
    const {model, fitted, selection} = await loadBundle(place);
    const other = [{...selection![0], interaction: [1, 2], fields: ['hour', 'device']}];
    const mean = [
      {form: 'FFM, ridge 10', schedule},
      {form: 'GA2M', tables},
    ].map(each => ({...shape, calibration, parameters: 1, ...each, selection: other}));
    const candidate = {...shape, calibration, form: 'FFM + GA2M', name: 'FFM + GA2M', mean};
    await saveBundle(place, {model, fitted, selection: other, metadata: {candidate}});
    model.dispose();
    const source = day('wide.csv', {rows: 3000, seed: 1});
    const report = await updateBundle(place, {source, refit: true, heldOut: 0.2, force: true});
    expect(report.kind!.after).toBe('FFM, ridge 10 + GA2M, 2 of 3');
    const updated = await loadBundle(place);
    const [products, own] = (updated.metadata['candidate'] as {mean: Candidate[]}).mean;
    const pairsOf = (each: Candidate) => each.selection.map(({fields}) => fields.join()).sort();
    expect([pairsOf(products), pairsOf(own)]).toEqual([['hour,device', 'site,hour'], ['site,hour']]);
    updated.dispose();
  });

  it('names the interactions that are new and those that are gone', async () => {
    const place = await firstBundle('refit of another pair');
    const {model, fitted, selection} = await loadBundle(place);
    const other = [{...selection![0], interaction: [0, 2], fields: ['site', 'device']}];
    const candidate = {...shape, form: 'GA2M', tables, name: 'GA2M', calibration, parameters: 1, selection: other};
    await saveBundle(place, {model, fitted, selection: other, metadata: {candidate}});
    model.dispose();
    const source = day('another.csv', {rows: 3000, seed: 1});
    const report = await updateBundle(place, {source, refit: true, heldOut: 0.2, force: true});
    expect(report.selection).toBeNull();
    expect(report.changes).toEqual({added: [['site', 'hour']], gone: [['site', 'device']]});
    expect(report.text).toContain(
      '\nInteractions by name, compared with the old model: 1 new (site x hour), 1 gone (site x device).\n',
    );
  });

  it('stays logistic regression where no pair helps', async () => {
    const place = await firstBundle('refit without pairs');
    const {model, fitted} = await loadBundle(place);
    const candidate = {...shape, form: 'LR', ridge: 3, name: 'LR', calibration, parameters: 1, seconds: 1};
    await saveBundle(place, {model, fitted, metadata: {candidate}});
    model.dispose();
    const next = generator(7);
    const lines = Array.from({length: 3000}, () => {
      const [site, hour, device, chance] = [8, 6, 3, 10].map(size => integers(next, 1, size)[0]);
      return `${chance < 2 !== site < 4 ? 1 : 0},s${site},${hour},d${device}`;
    });
    const source = written('alone.csv', `click,site,hour,device\n${lines.join('\n')}\n`);
    const report = await updateBundle(place, {source, refit: true, heldOut: 0.2, force: true});
    expect(report.kind).toEqual({before: 'LR', after: 'LR'});
    expect(report.text).not.toContain('in place of');
    const updated = await loadBundle(place);
    expect(updated.selection).toBeNull();
    updated.dispose();
  });

  it('is refused where the bundle does not say how it was chosen, and without a share of new rows', async () => {
    const place = await firstBundle('refit of an old bundle');
    const source = day('old.csv', {rows: 1000, seed: 2});
    await expect(updateBundle(place, {source, refit: true, heldOut: 0.1})).rejects.toThrow(
      /bundle of `run` or `select`/,
    );
    const {model, fitted} = await loadBundle(place);
    await saveBundle(place, {model, fitted, metadata: {candidate: {...shape, form: 'mine', schedule, calibration}}});
    model.dispose();
    await expect(updateBundle(place, {source, refit: true, heldOut: 0.1})).rejects.toThrow(
      /Received: a bundle of mine/,
    );
    await expect(updateBundle(place, {source, refit: true})).rejects.toThrow(/with `refit`, give `heldOut`, too/);
  });
});
