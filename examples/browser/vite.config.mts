import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig, type Plugin} from 'vite';
import {declarations} from '../../src/report/theme';
import {offline} from './offline_plugin';
import {wordsInPage} from './words_plugin';

const root = path.dirname(fileURLToPath(import.meta.url)),
  repository = path.resolve(root, '../..');
const source = (file: string) => path.join(repository, file);

/** Memory that threads share is only given to pages with these. */
const isolation = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};

/** The colours of the report, before the first paint. */
const colors: Plugin = {
  name: 'colors',
  transformIndexHtml: () => [
    {
      tag: 'style',
      injectTo: 'head-prepend',
      children: `:root{color-scheme:light dark;${declarations('light')}}@media (prefers-color-scheme:dark){:root{${declarations('dark')}}}`,
    },
  ],
};

// The library from its source, as tsconfig.json has it. The longest name comes first: an alias stands for what begins with it, too.
const alias = [
  {find: 'tfjs-autofis/bundle', replacement: source('src/bundle/index.ts')},
  {find: 'tfjs-autofis/models', replacement: source('src/models/index.ts')},
  {find: 'tfjs-autofis', replacement: source('src/index.ts')},
];

export default defineConfig({
  root,
  base: './',
  publicDir: source('runs/page/assets'),
  cacheDir: source('runs/page/vite'),
  resolve: {alias},
  // ECharts takes whatever has no window, a worker included, for Node.
  define: {global: 'globalThis'},
  plugins: [wordsInPage, colors, offline],
  server: {headers: isolation, fs: {allow: [repository]}},
  preview: {headers: isolation},
  worker: {format: 'es'},
  build: {outDir: source('runs/page/site'), emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000},
});
