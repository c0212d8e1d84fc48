import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {prepare} from '../../src/data/prepare';
import type {Schema} from '../../src/schema/schema';
import {sharedFolder} from '../helpers/folders';

const folder = sharedFolder();
const disk = path.join(folder, 'disk');
mkdirSync(disk);

/** Makes a disk of `megabytes` megabytes in memory; false where that is not allowed, as without root. */
function mount(megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
}
const unmount = () => execFileSync('umount', [disk], {stdio: 'ignore'});
const allowed = mount(1);
if (allowed) unmount();

const schema: Schema = {
  version: 1,
  label: {column: 'y'},
  fields: ['a', 'b', 'c', 'd'].map(name => ({type: 'categorical', name, column: name})),
};

(allowed ? describe : describe.skip)('on a disk that is full (skipped where none can be mounted)', () => {
  it.each([
    [1, 'while reading'],
    [3, 'while writing shards'],
  ])('of %i MB, %s: an error, and nothing is left', async megabytes => {
    const source = path.join(folder, 'x.csv');
    let x = 1;
    const value = () => (x = (x * 48271) % 2147483647).toString(36);
    writeFileSync(
      source,
      `a,b,c,d,y\n${Array.from({length: 60_000}, (_, i) => `${value()},${value()},${value()},${value()},${i % 2}\n`).join('')}`,
    );
    expect(mount(megabytes)).toBe(true);
    try {
      const shards = path.join(disk, 'shards');
      await expect(prepare({source, schema, folder: shards, rowsPerShard: 20_000})).rejects.toThrow(
        /prepare: the disk is full: [^]*Free some space, or choose another folder\./,
      );
      expect(existsSync(shards)).toBe(false);
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      unmount();
    }
  });
});
