import {cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {lazyAdam} from 'tfjs-autofis';
import {loadBundle, saveBundle, updateBundle} from 'tfjs-autofis/bundle';
import {fitSchema} from 'tfjs-autofis/data';
import {folderStore} from '../../../src/bundle/node/folder_store';
import {readOptimizer} from '../../../src/bundle/optimizer_files';
import {AutofisError} from '../../../src/errors';
import {plainTrainer, type Trainer} from '../../../src/components/products/trainer';
import {modelFor} from '../../helpers/bundles';
import {base, day, firstBundle, schema, written} from '../../helpers/click_days';
import {generator, integers} from '../../helpers/random';
import {expectNoLeak} from '../../helpers/tensors';
import {UpdateReport} from '../../../src/update/update_words';

const DAY = {type: 'dateTime', name: 'day', column: 'day', format: '%d.%m.%Y'} as const;

describe('updateBundle', () => {
  let place: string;
  let report: UpdateReport;
  beforeAll(async () => {
    place = await firstBundle('clicks');
    const source = day('tuesday.csv', {rows: 3000, seed: 2, from: 4});
    await expectNoLeak(async () => {
      report = await updateBundle(place, {source, out: path.join(base, 'tuesday'), seed: 1, epochs: 6});
    });
  });

  it('learns new values and is better on the newest rows, by more than noise', async () => {
    expect(report).toMatchObject({
      rows: {training: 2400, heldOut: 600, rejects: 0},
      added: [{name: 'site', added: 4}],
      verdict: 'better',
      written: true,
      updates: 1,
    });
    expect(report.after.auc - report.before.auc).toBeCloseTo(report.auc.difference, 8);
    expect(report.auc.difference).toBeGreaterThan(0.1);
    expect(report.drift.fields[0]).toMatchObject({name: 'site', training: {unseen: 0}});
    expect(report.drift.fields[0].now.unseen).toBeGreaterThan(0.4);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('says so', () => {
    expect(report.text.split('\n')).toEqual([
      'Trained on 2,400 newer rows; the newest 600 are held out.',
      'New values: site 4.',
      expect.stringMatching(/^AUC 0\.\d{4} before, [01]\.\d{4} after: \+0\.\d{4} ± 0\.\d{4} \(95 %\)\.$/),
      expect.stringMatching(/^Logloss \d\.\d{4} before, \d\.\d{4} after: -\d\.\d{4} ± \d\.\d{4} \(95 %\)\.$/),
      expect.stringMatching(/^Predicted over actual \d\.\d{3} before, \d\.\d{3} after\.$/),
      expect.stringMatching(
        /^Drift: site is missing in 0\.0 % \(in training 0\.0 %\) and unseen in \d\d\.\d % \(0\.0 %\) of the rows\.$/,
      ),
      'A quick search on the newer rows alone opens 1 of its 1 interaction.',
      'The newer rows confirm no interaction that it lacks.',
      'The new model is better than the old one.',
      'The new bundle is written.',
    ]);
  });

  it('keeps the old ids, the interactions and the metadata, and measures drift against the newer rows', async () => {
    const [old, updated] = [await loadBundle(place), await loadBundle(path.join(base, 'tuesday'))];
    const [before, after] = [old, updated].map(({fitted}) => fitted.fields[0].values!);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).sort()).toEqual(['s10', 's11', 's8', 's9']);
    expect(updated.selection).toEqual(old.selection);
    expect(updated.metadata).toEqual({owner: 'tests', updates: 1});
    expect(updated.fitted.rows).toBe(5400);
    expect(updated.fitted.fields[0].training).toEqual({missing: 0, unseen: 0});
    [old, updated].forEach(each => each.dispose());
  });

  it('continues from the moments that a bundle has, and keeps them', async () => {
    const moments = path.join(base, 'moments');
    const {model, fitted} = await loadBundle(path.join(base, 'tuesday'));
    model.compile({optimizer: lazyAdam(), loss: 'binaryCrossentropy'});
    const [xs, ys] = [tf.tensor2d([[2, 2, 2]], undefined, 'int32'), tf.tensor2d([[1]])];
    await model.fit(xs, ys, {epochs: 7, verbose: 0});
    await saveBundle(moments, {model, fitted, optimizer: true});
    const source = day('wednesday.csv', {rows: 1000, seed: 5, from: 6});
    const args = {source, timeColumn: 'second', heldOut: 0.3, epochs: 1};
    const fresh = await updateBundle(path.join(base, 'tuesday'), {...args, out: path.join(base, 'fresh')});
    const next = await updateBundle(moments, args);
    expect(next).toMatchObject({added: [{name: 'site', added: 2}], rows: {training: 700, heldOut: 300}, written: true});
    expect(next.after.logloss).not.toBe(fresh.after.logloss);
    expect(await readOptimizer(folderStore(path.join(base, 'fresh')))).toBeNull();
    const saved = (await readOptimizer(folderStore(moments)))!;
    expect(saved.step).toBe(7 + Math.ceil(699 / next.schedule.batchSize));
    expect(saved.slots.map(({name}) => name)).toEqual(['m', 'v']);
    tf.dispose([xs, ys, saved.slots.map(({tensors}) => tensors)]);
  });

  it('leaves a bundle as it is where the new one is worse, unless it is forced', async () => {
    const source = day('turned.csv', {rows: 3000, seed: 3, turned: true});
    const files = () => readdirSync(place).sort();
    const before = await loadBundle(place);
    const worse = await updateBundle(place, {source});
    expect(worse).toMatchObject({verdict: 'worse', written: false});
    expect(worse.text).toMatch(/The new model is worse than the old one\.\nThe old bundle stays\.$/);
    const after = await loadBundle(place);
    expect([after.schemaHash, after.metadata, files()]).toEqual([before.schemaHash, before.metadata, files()]);
    const forced = await updateBundle(place, {source, out: path.join(base, 'forced'), epochs: 2, force: true});
    expect(forced).toMatchObject({verdict: 'worse', written: true});
    expect((await loadBundle(path.join(base, 'forced'))).metadata).toMatchObject({updates: 1});
  });

  it('does not learn from inverted labels or values that are all new, unless it is forced', async () => {
    const inverted = day('inverted.csv', {rows: 1500, seed: 3});
    const rows = readFileSync(inverted, 'utf8').replace(/^[01]/gm, label => String(1 - Number(label)));
    writeFileSync(inverted, rows);
    const first = await updateBundle(place, {source: inverted});
    expect(first).toMatchObject({verdict: 'better', written: false});
    expect(first.doubts.map(({kind}) => kind)).toEqual(['labels inverted', 'no better than the rate']);
    expect(first.text).toMatch(
      /\nThe old model's AUC on these rows is 0\.\d+ ± .* inverted\?\n.*alone, .*\.\nThe old bundle stays\.$/,
    );

    const renamed = written('renamed.csv', readFileSync(inverted, 'utf8').replace(/,(s\d+),(\d+),/g, ',x$1,9$2,'));
    const {doubts, written: isWritten, text} = await updateBundle(place, {source: renamed});
    expect(doubts).toContainEqual({kind: 'mostly unseen', fields: expect.arrayContaining(['site', 'hour']), of: 3});
    expect([isWritten, text]).toEqual([false, expect.stringContaining('are the columns those of the training?')]);
    const out = path.join(base, 'learnt');
    expect(await updateBundle(place, {source: renamed, out, epochs: 1, force: true})).toMatchObject({written: true});
  });

  it('finds that other interactions decide now', async () => {
    const next = generator(4);
    const lines = Array.from({length: 3000}, () => {
      const [site, hour, device] = [8, 6, 3].map(size => integers(next, 1, size)[0]);
      return `${(hour + device) % 3 === 0 ? 1 : 0},s${site},${hour},d${device}`;
    });
    const source = path.join(base, 'other.csv');
    writeFileSync(source, `click,site,hour,device\n${lines.join('\n')}\n`);
    const {selection, text} = await updateBundle(place, {source, out: path.join(base, 'other'), force: true});
    expect(selection).toMatchObject({judged: 4, confirmed: [], unconfirmed: [['site', 'hour']]});
    expect(selection!.gained.map(({fields}) => fields)).toEqual([['hour', 'device']]);
    expect(selection!.gained[0].gain).toBeGreaterThan(0.1);
    expect(text).toContain('The newer rows confirm hour x device (saves +');
  });

  it('keeps half of what known values have, and all that new ones have learnt', async () => {
    const halfway = path.join(base, 'halfway');
    const trainer: Trainer = async job => {
      if (job.name !== 'newer rows') return plainTrainer(job);
      for (const weight of job.model.trainableWeights) {
        const moved = tf.tidy(() => tf.add(weight.read(), 2));
        weight.write(moved);
        moved.dispose();
      }
    };
    const source = day('halfway.csv', {rows: 600, seed: 9, from: 2});
    await updateBundle(place, {source, out: halfway, trainer, force: true});
    const [old, updated] = [await loadBundle(place), await loadBundle(halfway)];
    const [before, after] = [old, updated].map(({model}) => model.trainableWeights[0].read());
    const sites = old.fitted.fields[0].size;
    const [known, unseen] = [tf.slice(before, [0, 0], [sites, -1]), tf.slice(before, [1, 0], [1, -1])];
    const [moved, fresh] = [tf.slice(after, [0, 0], [sites, -1]), tf.slice(after, [sites, 0], [1, -1])];
    expect(updated.fitted.fields[0].size).toBe(sites + 2);
    expect(Math.max(...tf.abs(tf.sub(moved, tf.add(known, 1))).dataSync())).toBeLessThan(1e-6);
    expect(Math.max(...tf.abs(tf.sub(fresh, tf.add(unseen, 2))).dataSync())).toBeLessThan(1e-6);
    [old, updated].forEach(each => each.dispose());
  });

  it('refuses a folder of other files before it trains', async () => {
    const trainer = jest.fn(plainTrainer);
    const source = day('refused.csv', {rows: 600, seed: 9, from: 2});
    // The folder of the tables.
    const out = path.dirname(source);
    await expect(updateBundle(place, {source, out, trainer})).rejects.toThrow(
      'which a bundle would replace. Choose another folder.',
    );
    expect(trainer).not.toHaveBeenCalled();
  });

  it('does not undo another update that was faster', async () => {
    const shared = path.join(base, 'shared');
    cpSync(place, shared, {recursive: true});
    const [first, second] = [5, 6].map(seed => day(`night-${seed}.csv`, {rows: 600, seed, from: 2}));
    const trainer: Trainer = async job => {
      await plainTrainer(job);
      if (job.name === 'newer rows') await updateBundle(shared, {source: first, epochs: 1, force: true});
    };
    await expect(updateBundle(shared, {source: second, trainer, epochs: 1, force: true})).rejects.toThrow(
      new AutofisError(
        `updateBundle: ${shared} was replaced while this update ran, and the new model has not learnt what the ` +
          'other one did. Nothing was written. Run the update again, which then starts from the new bundle.',
      ),
    );
    expect((await loadBundle(shared)).metadata).toMatchObject({updates: 1});
    const again = await updateBundle(shared, {source: second, epochs: 1, force: true});
    expect(again).toMatchObject({updates: 2, written: true});
  });

  it('drops values that are gone for that number of updates, without a change for the others', async () => {
    const gone = path.join(base, 'gone');
    // Sites 4 to 11 have come on Tuesday, 0 to 3 are gone since then.
    const update = (name: string, seed: number, place: string, dropUnused: number) =>
      updateBundle(place, {
        source: day(name, {rows: 600, seed, from: 4}),
        out: gone,
        dropUnused,
        epochs: 1,
        force: true,
      });
    const tuesday = path.join(base, 'tuesday');
    const first = await update('thursday.csv', 7, tuesday, 2);
    expect(first.dropped).toEqual([]);
    const counted = await loadBundle(gone);
    const {unused} = counted.metadata as {unused: {site: number[]}};
    expect(unused.site.filter(count => count === 1)).toHaveLength(4);
    const moments = path.join(base, 'gone with moments');
    const {model, fitted, metadata, selection} = counted;
    model.compile({optimizer: lazyAdam(), loss: 'binaryCrossentropy'});
    const [xs, ys] = [tf.tensor2d([[2, 2, 2]], undefined, 'int32'), tf.tensor2d([[1]])];
    await model.fit(xs, ys, {verbose: 0});
    await saveBundle(moments, {model, fitted, metadata, selection: selection!, optimizer: true});
    const rows = [4, 7, 11].map(site => ({site: `s${site}`, hour: '1', device: 'd1'}));
    const kept = await updateBundle(moments, {
      source: day('friday.csv', {rows: 600, seed: 8, from: 4}),
      out: path.join(base, 'kept'),
      epochs: 1,
      force: true,
    });
    const second = await update('friday.csv', 8, moments, 2);
    expect(second.dropped).toEqual([{name: 'site', dropped: 4}]);
    expect(second.text).toContain('\nValues dropped, since they no longer occur: site 4.\n');
    expect(second.after).toEqual(kept.after);
    const [all, slim] = [await loadBundle(path.join(base, 'kept')), await loadBundle(gone)];
    expect(slim.fitted.fields[0].values!.filter(value => ['s0', 's1', 's2', 's3'].includes(value))).toEqual([]);
    expect(slim.fitted.fields[0].size).toBe(all.fitted.fields[0].size - 4);
    expect(await slim.predict(rows)).toEqual(await all.predict(rows));
    expect((slim.metadata as {unused: {site: number[]}}).unused.site).toEqual(Array(8).fill(0));
    const saved = (await readOptimizer(folderStore(gone)))!;
    expect(saved.slots[0].tensors.map(({shape}) => shape)).toEqual(slim.model.trainableWeights.map(({shape}) => shape));
    tf.dispose([xs, ys, saved.slots.map(({tensors}) => tensors)]);
    [counted, all, slim].forEach(each => each.dispose());
  });

  it('reads times as the schema reads its dates', async () => {
    const dated = {...schema, fields: [...schema.fields, {...DAY, part: 'weekday' as const}]};
    const day = (i: number) => (i % 10 === 0 ? '30.11.2014' : '31.08.2014');
    const lines = Array.from({length: 200}, (_, i) => `${i % 3 === 0 ? 1 : 0},s${i % 4},${i % 5},d${i % 2},${day(i)}`);
    const source = written('dated.csv', `click,site,hour,device,day\n${lines.join('\n')}\n`);
    const fitted = await fitSchema({source, schema: dated});
    const model = modelFor(fitted);
    const bundle = path.join(base, 'dated');
    await saveBundle(bundle, {model, fitted});
    model.dispose();
    // By their bytes the rows of 31 August would be the newest.
    const {rows} = await updateBundle(bundle, {source, timeColumn: 'day', heldOut: 0.05, force: true});
    expect(rows).toEqual({training: 180, heldOut: 20, rejects: 0});
  });

  it('names what is wrong, and touches nothing', async () => {
    const temporary = mkdtempSync(path.join(base, 'temporary-'));
    const spy = jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
    const source = day('some.csv', {rows: 40, seed: 6});
    await expect(updateBundle(place, {source, heldOut: 1})).rejects.toThrow('updateBundle: `heldOut` must be');
    await expect(updateBundle(place, {source, dropUnused: 0})).rejects.toThrow('`dropUnused` must be an integer >= 1');
    await expect(updateBundle(place, {source, held: 1} as never)).rejects.toThrow('`held` must not be given');
    await expect(updateBundle(place, {source, heldOut: 0.001})).rejects.toThrow('no rows are left to be held out');
    await expect(updateBundle(place, {source: path.join(base, 'none.csv')})).rejects.toThrow('none.csv');
    await expect(updateBundle(path.join(base, 'none'), {source})).rejects.toThrow('has no bundle.json');
    const one = path.join(base, 'one.csv');
    writeFileSync(one, `click,site,hour,device\n${'0,s1,1,d1\n1,s1,1,d1\n'.repeat(20)}${'0,s1,1,d1\n'.repeat(10)}`);
    await expect(updateBundle(place, {source: one})).rejects.toThrow(
      'updateBundle: of the 10 rows that are held out, 0 have the label 1, and 10 the label 0. AUC needs one or ' +
        'more of each. Give more rows, or a greater `heldOut`.',
    );
    writeFileSync(one, 'click,site,device\n0,s1,d1\n1,s1,d1\n');
    await expect(updateBundle(place, {source: one})).rejects.toThrow(
      'one.csv has no column "hour". It has "click", "site", "device". Give rows with all columns of the rows that ' +
        'the schema was fitted on.',
    );
    await expect(updateBundle(place, {source, timeColumn: 'when'})).rejects.toThrow(
      /^updateBundle: the source has no column "when"\. It has .*\. Give another `timeColumn`\.$/,
    );
    await expect(updateBundle(place, {source, timeColumn: 'device', heldOut: 0.99})).rejects.toThrow(
      'updateBundle: the times in device leave no row for training: the oldest is d0, and the rows to be held out ' +
        'would begin at d0. Give a smaller `heldOut`, or another `timeColumn`.',
    );
    expect(readdirSync(temporary)).toEqual([]);
    spy.mockRestore();
  });
});
