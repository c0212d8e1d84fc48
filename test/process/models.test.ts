import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {compiled} from '../helpers/compiled';
import {expectClose} from '../helpers/tensors';
import {zoo} from '../helpers/zoo';

describe('every model of the zoo', () => {
  it('is loaded in another process that imports only the library, on wasm, too, and predicts the same', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-zoo-'));
    const script = await compiled('test/process/zoo_process.ts');
    const run = async (phase: 'save' | 'load', ...backend: string[]) => {
      await promisify(execFile)(process.execPath, [script, phase, folder, ...backend], {
        cwd: path.resolve(__dirname, '../..'),
      });
      return JSON.parse(fs.readFileSync(path.join(folder, `${phase}.json`), 'utf8')) as Record<string, number[]>;
    };
    const saved = await run('save');
    expect(Object.keys(saved)).toHaveLength(zoo.length);
    expect(await run('load')).toEqual(saved);
    const onWasm = await run('load', 'wasm');
    for (const [title, values] of Object.entries(saved)) expectClose(onWasm[title], values, 1e-5);
    fs.rmSync(folder, {recursive: true});
  });
});
