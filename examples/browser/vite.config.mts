import {defineConfig} from 'vite';
import {alias, isolation, repository, source} from './library';
import {offline} from './offline_plugin';
import {theme} from './theme_plugin';
import {wordsInPage} from './words_plugin';

export default defineConfig({
  root: source('examples/browser'),
  base: './',
  publicDir: source('runs/page/assets'),
  cacheDir: source('runs/page/vite'),
  resolve: {alias},
  // ECharts takes whatever has no window, a worker included, for Node.
  define: {global: 'globalThis'},
  plugins: [wordsInPage, theme(), offline],
  server: {headers: isolation, fs: {allow: [repository]}},
  preview: {headers: {...isolation, 'Content-Security-Policy': "connect-src 'self'"}},
  worker: {format: 'es'},
  build: {outDir: source('runs/page/site'), emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000},
});
