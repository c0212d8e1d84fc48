import fs from 'node:fs';
import path from 'node:path';
import {Journal} from '../../../benchmarks/experiments/journal';
import {plans} from '../../../benchmarks/experiments/plans';
import {journalFile, writeReport} from '../../../benchmarks/experiments/report';
import {emptyFolder} from '../../helpers/folders';

const folder = emptyFolder();

describe('docs/results', () => {
  const root = path.join(__dirname, '..', '..', '..');
  const kept = {numbers: path.join(root, 'benchmarks', 'results'), pages: path.join(root, 'docs', 'results')};

  it('is what the finished runs give, and no more', async () => {
    const places = {
      numbers: path.join(folder, 'benchmarks', 'results'),
      pages: path.join(folder, 'docs', 'results'),
      index: path.join(folder, 'docs', 'results.md'),
    };
    const index = fs.readFileSync(path.join(root, 'docs', 'results.md'), 'utf8');
    fs.mkdirSync(places.pages, {recursive: true});
    fs.writeFileSync(places.index, index);
    for (const each of plans) {
      const {entries: finished} = new Journal(journalFile(each.name, kept.numbers));
      // An experiment that has not run since it changed has no page.
      if (finished.length > 0) await writeReport(each, finished, places);
    }
    const texts = (at: string, names: readonly string[]) =>
      names.map(name => [name, fs.readFileSync(path.join(at, name), 'utf8')]);
    const pages = (at: string) => texts(at, fs.readdirSync(at));
    expect(pages(places.pages)).toEqual(pages(kept.pages));
    const numbers = fs.readdirSync(places.numbers);
    expect(texts(places.numbers, numbers)).toEqual(texts(kept.numbers, numbers));
    expect(fs.readFileSync(places.index, 'utf8')).toBe(index);
  });

  it('has an index of one screen, and no raw runs', () => {
    const index = fs.readFileSync(path.join(root, 'docs', 'results.md'), 'utf8');
    expect(index.split('\n').length).toBeLessThanOrEqual(50);
    const others = fs.readdirSync(kept.pages).filter(name => !/\.(md|svg)$/.test(name));
    expect(others).toEqual([]);
  });
});
