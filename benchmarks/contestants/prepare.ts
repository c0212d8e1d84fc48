/**
 * From files to shards by `prepare`, as a process of its own: each step is a whole preparation into the same folder,
 * which the command empties in between. Argument: JSON of PrepareOptions.
 */
import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {criteo, movieLens1m, prepare, Split} from 'tfjs-autofis/data';
import {processMemory} from '../memory';
import {Pacer} from '../pacer';

export interface PrepareOptions {
  preset: 'movieLens1m' | 'criteo';
  files: string[];
  /** Instead of the preset's. */
  split?: Split;
  /** Made by the command; the shards are its folder `shards`. */
  folder: string;
}

const {preset, files, split, folder} = JSON.parse(process.argv[2]) as PrepareOptions;
const DUCKDB = path.join('node_modules', '@duckdb', 'node-api', 'package.json');

/** Bytes of all files in a folder and those below it. */
function bytesIn(folder: string): number {
  return readdirSync(folder, {withFileTypes: true, recursive: true}).reduce((sum, entry) => {
    const found = entry.isFile()
      ? statSync(path.join(entry.parentPath, entry.name), {throwIfNoEntry: false})
      : undefined;
    return sum + (found?.size ?? 0);
  }, 0);
}

async function main(): Promise<void> {
  let mostBytes = 0;
  let shardBytes = 0;
  let rows = 0;
  const pacer = new Pacer(() => ({...processMemory(), mostBytes, shardBytes, rows}));
  pacer.ready({'@duckdb/node-api': (JSON.parse(readFileSync(DUCKDB, 'utf8')) as {version: string}).version});
  while (await pacer.step()) {
    const timer = setInterval(() => {
      mostBytes = Math.max(mostBytes, bytesIn(folder));
    }, 500);
    const recipe = preset === 'criteo' ? await criteo({files}) : movieLens1m({files: files[0]});
    const {manifest} = await prepare({
      ...recipe,
      ...(split === undefined ? {} : {split}),
      folder: path.join(folder, 'shards'),
      progress: false,
    });
    clearInterval(timer);
    rows = Object.values(manifest.parts).reduce((sum, part) => sum + part.rows, 0);
    shardBytes = bytesIn(folder);
    pacer.loss(0);
  }
}

void main();
