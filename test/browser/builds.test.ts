import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import {gzipSync} from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as library from 'tfjs-autofis';
import * as models from 'tfjs-autofis/models';
import {buildBrowser} from '../../scripts/build_browser';
import {sharedFolder} from '../helpers/folders';

const root = path.resolve(__dirname, '../..');
const files = ['tfjs-autofis.mjs', 'tfjs-autofis.umd.js'];
const folder = sharedFolder();
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

beforeAll(async () => {
  await buildBrowser(folder);
});

/** Runs the UMD file among these globals. */
function runUmd(globals: Record<string, unknown>): Record<string, unknown> {
  const context = vm.createContext({console, atob, URL, TextEncoder, TextDecoder, WebAssembly, ...globals});
  vm.runInContext(read('tfjs-autofis.umd.js'), context);
  return context;
}

describe('the files for browsers', () => {
  it('are two, each with a source map', () => {
    expect(readdirSync(folder).sort()).toEqual(files.flatMap(file => [file, `${file}.map`]).sort());
    for (const file of files) expect(read(file).trimEnd().split('\n').at(-1)).toBe(`//# sourceMappingURL=${file}.map`);
  });

  it.each(files)('%s imports tfjs-core and tfjs-layers only, and needs nothing of Node', file => {
    const code = read(file);
    const imported = [...code.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*["']([^"']+)["']/g)].map(([, name]) => name);
    expect([...new Set(imported)].sort()).toEqual(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']);
    expect(code).not.toMatch(/["']node:|\bprocess\.|\bBuffer\.|__dirname|__filename/);
  });

  it.each(files)('%s is as large as docs/browser.md says', file => {
    const row = new RegExp(
      `^\\| dist/browser/${file.replaceAll('.', '\\.')} \\| (\\d+) kB \\| (\\d+) kB \\|$`,
      'm',
    ).exec(readFileSync(path.join(root, 'docs/browser.md'), 'utf8'))!;
    const code = read(file);
    [Buffer.byteLength(code), gzipSync(code, {level: 9}).length].forEach((bytes, i) => {
      const said = Number(row[i + 1]);
      expect(Math.abs(bytes / 1000 / said - 1) < 0.04 ? said : bytes / 1000).toBe(said);
    });
  });

  it('the UMD file takes the global tf and gives autofis, with all that runs in a browser', () => {
    const {autofis} = runUmd({tf: {...tf, ...tfl}}) as {autofis: Record<string, unknown>};
    expect(Object.keys(autofis)).toEqual(
      expect.arrayContaining([
        ...Object.keys(library),
        ...Object.keys(models),
        'loadBundle',
        'saveBundle',
        'useBackend',
        'registerKernels',
      ]),
    );
  });

  it('the UMD file is a CommonJS and an AMD module, too', () => {
    const module = {exports: {} as Record<string, unknown>};
    const asked = new Set<string>();
    runUmd({
      module,
      require: (name: string) => {
        asked.add(name);
        return name.endsWith('core') ? tf : tfl;
      },
    });
    expect([...asked].sort()).toEqual(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']);
    let own: Record<string, unknown> = {};
    const define = Object.assign(
      (names: string[], make: (...parts: unknown[]) => Record<string, unknown>) => {
        own = make(...names.map(name => (name.endsWith('core') ? tf : tfl)));
      },
      {amd: {}},
    );
    runUmd({define});
    expect(Object.keys(own)).toEqual(Object.keys(module.exports));
    expect(Object.keys(own)).toEqual(expect.arrayContaining(['SearchStage', 'autoFm']));
  });

  it('the UMD file says what is missing without tf, and without its layers', () => {
    for (const globals of [{}, {tf}]) {
      expect(() => runUmd(globals)).toThrow(
        'tfjs-autofis needs the global tf: load the script of @tensorflow/tfjs before it.',
      );
    }
  });
});
