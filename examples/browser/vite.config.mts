import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig} from 'vite';
import {offline} from './offline_plugin';
import {theme} from './theme_plugin';
import {wordsInPage} from './words_plugin';

const root = path.dirname(fileURLToPath(import.meta.url)),
  repository = path.resolve(root, '../..');
const source = (file: string) => path.join(repository, file);

/** Memory that threads share is only given to pages with these. */
const isolation = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};

// The library from its source, as tsconfig.json has it. The longest name comes first: an alias stands for what begins with it, too.
const alias = [
  {find: 'tfjs-autofis/bundle', replacement: source('src/bundle/index.ts')},
  {find: 'tfjs-autofis/report', replacement: source('src/report/browser/index.ts')},
  {find: 'tfjs-autofis/runtime', replacement: source('src/runtime/browser/index.ts')},
  {find: 'tfjs-autofis/schema', replacement: source('src/schema/index.ts')},
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
  plugins: [wordsInPage, theme, offline],
  server: {headers: isolation, fs: {allow: [repository]}},
  preview: {headers: isolation},
  worker: {format: 'es'},
  build: {outDir: source('runs/page/site'), emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000},
});
