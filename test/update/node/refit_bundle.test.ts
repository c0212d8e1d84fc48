import path from 'node:path';
import {autoSelect, type Decision, fieldSpecs} from 'tfjs-autofis';
import {loadBundle, saveBundle, updateBundle} from 'tfjs-autofis/bundle';
import {encode, fitSchema, openShards} from 'tfjs-autofis/data';
import {loadTensors} from '../../../src/data/shards/load_rows';
import {base, day, firstBundle, schema, written} from '../../helpers/click_days';
import {generator, integers} from '../../helpers/random';
import {expectNoLeak} from '../../helpers/tensors';

const SEARCH = {effort: 'quick', share: 0.03} as const;

describe('updateBundle with refit', () => {
  let selected: string;
  beforeAll(async () => {
    selected = path.join(base, 'selected');
    const source = day('first.csv', {rows: 3000, seed: 1});
    const fitted = await fitSchema({source, schema});
    const parts = ['train', 'valid'].map((part, i) => ({part, source: day(`${part}.csv`, {rows: 1500, seed: 3 + i})}));
    const [train, validation] = await Promise.all(
      parts.map(async ({part, source: rows}) => {
        const folder = path.join(base, `${part}-shards`);
        await encode({source: rows, fitted, folder});
        return loadTensors(await openShards(folder));
      }),
    );
    const {model, selection, decision} = await autoSelect({fields: fieldSpecs(fitted), train, validation, ...SEARCH});
    await saveBundle(selected, {model, fitted, selection, metadata: {owner: 'tests', decision, ...SEARCH}});
    [model, train, validation].forEach(each => each.dispose());
  });

  it('searches and trains on all rows, new values among them', async () => {
    const out = path.join(base, 'refitted');
    const both = [day('monday.csv', {rows: 1500, seed: 1}), day('later.csv', {rows: 1500, seed: 2, from: 4})];
    const source = {format: 'csv' as const, files: both};
    await expectNoLeak(async () => {
      const report = await updateBundle(selected, {source, out, refit: true, heldOut: 0.1});
      expect(report).toMatchObject({
        kind: {before: '1 of 3 pairs', after: '1 of 3 pairs'},
        rows: {training: 2700, heldOut: 300},
        changes: {added: [], gone: []},
        selection: null,
        verdict: 'better',
        written: true,
      });
      expect(report.after.auc).toBeGreaterThan(0.85);
      expect(report.text.split('\n').slice(0, 2)).toEqual([
        'Searched and trained from scratch on 2,700 rows; the newest 300 are held out.',
        'Its interactions are those of the old model.',
      ]);
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    });
    const updated = await loadBundle(out);
    expect(updated.fitted.rows).toBe(2700);
    expect(updated.fitted.fields[0].size).toBe(14);
    const {decision, ...others} = updated.metadata as {decision: Decision};
    expect(decision.rows).toBe(270);
    expect(others).toEqual({owner: 'tests', ...SEARCH, updates: 1});
    expect(updated.selection?.map(({fields}) => fields.join())).toEqual(['site,hour']);
    const rows = [0, 1].map(hour => ({site: 's11', hour: `${hour}`, device: 'd1'}));
    const [no, yes] = await updated.predict(rows);
    expect([no, yes].map(p => p > 0.5)).toEqual([false, true]);
    updated.dispose();
  });

  it('names the interactions that are new and those that are gone', async () => {
    const other = path.join(base, 'another pair');
    const {model, fitted, selection, metadata} = await loadBundle(selected);
    const pair = [{...selection![0], interaction: [0, 2], fields: ['site', 'device']}];
    await saveBundle(other, {model, fitted, selection: pair, metadata: {...metadata}});
    model.dispose();
    const source = day('another.csv', {rows: 1500, seed: 1});
    const report = await updateBundle(other, {source, refit: true, heldOut: 0.2, force: true});
    expect(report.changes).toEqual({added: [['site', 'hour']], gone: [['site', 'device']]});
    expect(report.text).toContain(
      '\nInteractions by name, compared with the old model: 1 new (site x hour), 1 gone (site x device).\n',
    );
  });

  it('becomes logistic regression where no pair helps', async () => {
    const out = path.join(base, 'alone');
    const next = generator(7);
    const lines = Array.from({length: 3000}, () => {
      const [site, hour, device, chance] = [8, 6, 3, 10].map(size => integers(next, 1, size)[0]);
      return `${chance < 2 !== site < 4 ? 1 : 0},s${site},${hour},d${device}`;
    });
    const source = written('alone.csv', `click,site,hour,device\n${lines.join('\n')}\n`);
    const report = await updateBundle(selected, {source, out, refit: true, heldOut: 0.2, force: true});
    expect(report.kind).toEqual({before: '1 of 3 pairs', after: 'logistic regression'});
    expect(report.text).toContain('\nNow logistic regression, in place of 1 of 3 pairs.\n');
    const updated = await loadBundle(out);
    expect(updated.selection).toBeNull();
    updated.dispose();
  });

  it('is refused where the bundle does not hold its decision, and without a share of new rows', async () => {
    const place = await firstBundle('refit of an old bundle');
    const source = day('old.csv', {rows: 1000, seed: 2});
    const refit = {source, refit: true, heldOut: 0.1};
    const message =
      /^updateBundle: `refit` needs a bundle that `run` or `select` of this version wrote, .*Run `run` again/;
    await expect(updateBundle(place, refit)).rejects.toThrow(message);
    const {model, fitted} = await loadBundle(place);
    await saveBundle(place, {model, fitted, metadata: {candidate: {form: 'FFM'}}});
    await expect(updateBundle(place, refit)).rejects.toThrow(message);
    const components = [{component: {type: 'gate', gate: 0, interaction: [0, 1]}, alpha: 1}];
    await saveBundle(place, {model, fitted, metadata: {decision: {components}, ...SEARCH}});
    model.dispose();
    await expect(updateBundle(place, refit)).rejects.toThrow(/Received: a bundle of a model of your own\./);
    await expect(updateBundle(place, {source, refit: true})).rejects.toThrow(/with `refit`, give `heldOut`, too/);
  });
});
