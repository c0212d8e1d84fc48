import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Entry, Journal} from '../../../benchmarks/experiments/journal';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-journal-'));
});
afterEach(() => fs.rmSync(folder, {recursive: true}));
const entry = (key: string): Entry => ({
  key,
  data: 'frappe',
  seed: 1,
  backend: 'wasm',
  wall: 2,
  result: {auc: 0.5, name: 'ä'},
});

describe('Journal', () => {
  it('keeps finished runs for the next process', () => {
    const file = path.join(folder, 'deep', 'runs.jsonl');
    const first = new Journal(file);
    first.add(entry('a'));
    first.add(entry('b'));
    const second = new Journal(file);
    expect(second.entries).toEqual([entry('a'), entry('b')]);
    expect([second.has('a'), second.has('c')]).toEqual([true, false]);
  });

  it('cuts off half a line, and continues behind the last whole one', () => {
    const file = path.join(folder, 'runs.jsonl');
    new Journal(file).add(entry('a'));
    fs.appendFileSync(file, JSON.stringify(entry('b')).slice(0, 40));
    const journal = new Journal(file);
    expect(journal.has('b')).toBe(false);
    journal.add(entry('c'));
    expect(new Journal(file).entries.map(e => e.key)).toEqual(['a', 'c']);
  });
});
