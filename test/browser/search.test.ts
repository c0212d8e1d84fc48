import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import * as tfl from '@tensorflow/tfjs-layers';
import type {Page} from 'playwright-core';
import {browserAndLibrary} from '../helpers/browser_library';
import {pageModule, pageScript} from '../helpers/page_code';
import type {Site} from '../helpers/site';
import {expectClose} from '../helpers/tensors';
import {loadWebgpu, moduleSite, openPage, scriptSite} from '../helpers/tf_page';
import {Figures, figures, predict} from './page/search';

const setup = browserAndLibrary();
const code = "export * from './test/browser/page/search';";
let expected: Figures;
let site: Site;
let folder: string;
const sites: Site[] = [];

beforeAll(async () => {
  // So short a search is not to be trusted, and says so.
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  expected = await figures();
  warn.mockRestore();
  site = await scriptSite(setup().library, {'tests.js': await pageScript(code)});
  sites.push(site);
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-downloads-'));
});
afterAll(async () => {
  await Promise.all(sites.map(each => each.close()));
  if (folder !== undefined) rmSync(folder, {recursive: true});
});

/** Compares a page's numbers with those of Node. */
function compare(found: Figures, tolerance: number): void {
  for (const part of ['gate', 'grda', 'alpha', 'predictions'] as const)
    expectClose(found[part], expected[part], tolerance);
  const names = ({selection}: Figures) => selection.map(({fields}) => fields.join(' x ')).sort();
  expect(names(found)).toEqual(names(expected));
  expect(found.selection.length).toBeLessThan(15);
}

/** Faults of a page but for what a short search warns of, and what WebGL and WebGPU say of reads. */
const unexpected = (faults: string[]) =>
  faults.filter(text => !/^SearchStage: the search has 20 steps|GL Driver Message|^The performance of sync/.test(text));

const startAndRun = (page: Page, backend: string) =>
  page.evaluate(`testing.useBackend('${backend}').then(() => testing.figures())`) as Promise<Figures>;

describe('a page by script tags', () => {
  it.each([
    ['webgl', 1e-3],
    ['webgpu', 1e-3],
  ])('on %s searches and retrains as Node does, to %d', async (backend, tolerance) => {
    const {page, faults} = await openPage(setup().browser, site.url);
    if (backend === 'webgpu') await loadWebgpu(page);
    compare(await startAndRun(page, backend), tolerance);
    expect(unexpected(faults)).toEqual([]);
    await page.close();
  });

  it('runs the script of docs/browser.md', async () => {
    const {page, faults} = await openPage(setup().browser, site.url);
    const [, script] = /<script>\n([^]*?)<\/script>/.exec(
      readFileSync(path.resolve(__dirname, '../../docs/browser.md'), 'utf8'),
    )!;
    await page.evaluate(`var ids = tf.tidy(() => tf.stack([tf.range(0, 4000).mod(24), tf.range(0, 4000).mod(221)], 1).toInt()),
      labels = tf.tidy(() => ids.slice([0, 0], [-1, 1]).less(12).toFloat()), shown = new Promise(resolve => { console.table = resolve; });`);
    await page.addScriptTag({content: script.replace('node_modules/@tensorflow/', '/npm/')});
    // After six steps nobody knows whether the one gate closes.
    expect(await page.evaluate('shown')).toEqual(expect.any(Array));
    expect(faults.filter(text => !text.startsWith('SearchStage: '))).toEqual([]);
    await page.close();
  });

  it('on wasm searches as Node does, downloads a model for Node, and finds one again after a reload', async () => {
    const {page, faults} = await openPage(setup().browser, site.url);
    const found = await startAndRun(page, 'wasm');
    compare(found, 1e-4);
    const {predictions} = found;
    const downloads: Promise<void>[] = [];
    page.on('download', download => {
      downloads.push(download.saveAs(path.join(folder, download.suggestedFilename())));
    });
    await page.evaluate("testing.save('downloads://clicks')");
    while (downloads.length < 2) await page.waitForEvent('download');
    await Promise.all(downloads);
    const model = await tfl.loadLayersModel(pathToFileURL(path.join(folder, 'clicks.json')).href);
    expectClose(predict(model), predictions, 1e-5);
    model.dispose();

    await page.evaluate("testing.save('indexeddb://clicks')");
    await page.reload();
    const again = (await page.evaluate(
      "testing.useBackend('wasm').then(() => testing.predictSaved('indexeddb://clicks'))",
    )) as number[];
    expectClose(again, predictions, 1e-5);
    expect(unexpected(faults)).toEqual([]);
    await page.close();
  });

  it('says which backend it took, and why', async () => {
    const {page} = await openPage(setup().browser, site.url);
    const call = (argument: string) =>
      page.evaluate(`autofis.useBackend(${argument}).then(choice => choice, error => error.message)`);
    expect(await call('')).toEqual({
      backend: 'wasm',
      gpu: false,
      tried: [],
      reason: 'WebAssembly (wasm), with threads; the first choice in a browser.',
    });
    expect(await page.evaluate('tf.getBackend()')).toBe('wasm');
    expect(await call("'cpu'")).toMatchObject({
      backend: 'cpu',
      reason: 'plain JavaScript (cpu), by far the slowest; as asked for.',
    });
    expect(await call("'webgpu'")).toBe(
      'useBackend: the backend is not available. webgpu: @tensorflow/tfjs-backend-webgpu is not loaded. ' +
        'Call it without a name to take another that is available.',
    );
    expect(await call("'tfjs-node'")).toBe(
      'useBackend: `name` must be one of wasm, webgpu, webgl, cpu in a browser. Received: "tfjs-node".',
    );
    await page.reload();
    await page.evaluate("tf.wasm.setWasmPaths('/nowhere/')");
    expect(await call('')).toMatchObject({
      backend: 'webgl',
      gpu: true,
      tried: [
        {
          backend: 'wasm',
          reason:
            'it does not start: its .wasm files are not where it looks for them, ' +
            'see setWasmPaths of @tensorflow/tfjs-backend-wasm',
        },
        {backend: 'webgpu', reason: '@tensorflow/tfjs-backend-webgpu is not loaded'},
      ],
    });
    await page.reload();
    await page.evaluate("tf.wasm.setWasmPaths('/nowhere/'); tf.env().set('WEBGL_RENDER_FLOAT32_ENABLED', false)");
    expect(await call('')).toMatchObject({
      backend: 'cpu',
      tried: [
        {backend: 'wasm'},
        {backend: 'webgpu'},
        {backend: 'webgl', reason: 'this device computes in half precision'},
      ],
    });
    await page.close();
  });
});

describe('a page with a Content-Security-Policy', () => {
  const open = async (policy: string) => {
    const opened = await openPage(setup().browser, site.url);
    await opened.page.evaluate(content => {
      const meta = Object.assign(document.createElement('meta'), {httpEquiv: 'Content-Security-Policy', content});
      document.head.append(meta);
    }, policy);
    return opened;
  };
  const call = (page: Page, argument: string) =>
    page.evaluate(`autofis.useBackend(${argument}).then(({reason}) => reason, error => error.message)`);

  it('that forbids the threads of tfjs runs wasm on one thread, and says so', async () => {
    const {page} = await open("worker-src 'self'");
    expect(await call(page, '')).toBe(
      'WebAssembly (wasm), on one thread, as its threads do not start: a minifier has changed their code, or the ' +
        "Content-Security-Policy forbids workers and scripts of 'blob:'; the first choice in a browser.",
    );
    compare((await page.evaluate('testing.figures()')) as Figures, 1e-4);
    await page.close();
  });

  it('that forbids WebAssembly runs cpu, and says what wasm needs', async () => {
    const {page} = await open("script-src 'self'");
    expect(await call(page, "'wasm'")).toBe(
      "useBackend: the backend is not available. wasm: it does not start: this browser or the page's " +
        "Content-Security-Policy forbids WebAssembly; the policy's script-src needs 'wasm-unsafe-eval'. " +
        'Call it without a name to take another that is available.',
    );
    expect(await call(page, "'cpu'")).toMatch(/^plain JavaScript/);
    compare((await page.evaluate('testing.figures()')) as Figures, 1e-4);
    await page.close();
  });
});

describe('a page by an import map', () => {
  it('on wasm searches and retrains as Node does, to 1e-4', async () => {
    const own = await moduleSite(
      setup().library,
      `import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
      setWasmPaths('/npm/tfjs-backend-wasm/dist/');\n${await pageModule(`import * as all from './test/browser/page/search'; globalThis.testing = all;`)}`,
    );
    sites.push(own);
    const {page, faults} = await openPage(setup().browser, own.url);
    expect(faults).toEqual([]);
    compare(await startAndRun(page, 'wasm'), 1e-4);
    expect(unexpected(faults)).toEqual([]);
    await page.close();
  });
});
