import {defineConfig} from 'vite';
import {alias, repository, source} from '../library';
import {theme} from '../theme_plugin';

export default defineConfig({
  root: source('examples/browser/notebook'),
  base: './',
  publicDir: false,
  cacheDir: source('runs/notebook/vite'),
  // The package exports its list of files only.
  resolve: {
    alias: [
      ...alias,
      {find: /^birdstrikes\.csv/, replacement: source('node_modules/vega-datasets/data/birdstrikes.csv')},
    ],
  },
  // The code of a cell becomes a function.
  plugins: [theme({scripts: ["'unsafe-eval'"]})],
  server: {fs: {allow: [repository]}},
  build: {outDir: source('runs/notebook/site'), emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000},
});
