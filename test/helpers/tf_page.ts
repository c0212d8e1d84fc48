import path from 'node:path';
import type {Browser, Page} from 'playwright-core';
import {serve, Site} from './site';

const packages = path.resolve(__dirname, '../../node_modules/@tensorflow');

/** A page with tfjs, its wasm backend and this library's UMD file by script tags. Scripts beside them by their text. */
export async function scriptSite(
  library: string,
  scripts: Record<string, string>,
  folders: Record<string, string> = {},
): Promise<Site> {
  const tags = [
    '/npm/tfjs/dist/tf.min.js',
    '/npm/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
    '/lib/tfjs-autofis.umd.js',
    ...Object.keys(scripts).map(name => `/${name}`),
  ]
    .map(src => `<script src="${src}"></script>`)
    .join('');
  const start = "<script>tf.wasm.setWasmPaths('/npm/tfjs-backend-wasm/dist/')</script>";
  return serve(
    {'/npm/': `${packages}/`, '/lib/': `${library}/`, ...folders},
    {
      '/':
        '<!doctype html><meta charset="utf-8"><title>tfjs-autofis</title><link rel="icon" ' +
        `href="data:,">${tags}${start}`,
      ...Object.fromEntries(Object.entries(scripts).map(([name, text]) => [`/${name}`, text])),
    },
  );
}

/** The same library as a module, by an import map. */
export async function moduleSite(library: string, script: string): Promise<Site> {
  const nothing = 'data:text/javascript,export default {}';
  const imports = {
    '@tensorflow/tfjs-core': '/npm/tfjs/dist/tf.fesm.min.js',
    '@tensorflow/tfjs-layers': '/npm/tfjs/dist/tf.fesm.min.js',
    '@tensorflow/tfjs-backend-wasm': '/npm/tfjs-backend-wasm/dist/tf-backend-wasm.fesm.min.js',
    fs: nothing,
    os: nothing,
    path: nothing,
    perf_hooks: nothing,
    ...Object.fromEntries(
      ['', '/layers', '/models', '/optimizers', '/runtime'].map(entry => [
        `tfjs-autofis${entry}`,
        '/lib/tfjs-autofis.mjs',
      ]),
    ),
  };
  return serve(
    {'/npm/': `${packages}/`, '/lib/': `${library}/`},
    {
      '/': `<!doctype html><meta charset="utf-8"><title>tfjs-autofis</title><link rel="icon" href="data:,">
      <script type="importmap">${JSON.stringify({imports})}</script><script type="module" src="/main.mjs"></script>`,
      '/main.mjs': script,
    },
  );
}

/** Opens a page and collects what goes wrong in it. */
export async function openPage(browser: Browser, url: string): Promise<{page: Page; faults: string[]}> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(url);
  return {page, faults};
}

/** Adds tfjs's webgpu backend to a page of {@link scriptSite}. */
export async function loadWebgpu(page: Page): Promise<void> {
  await page.addScriptTag({url: '/npm/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js'});
}
