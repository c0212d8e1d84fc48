/**
 * Builds the two files for pages without a bundler: an ES module that imports tfjs, and a UMD file that finds it as
 * `tf`.
 */
import path from 'node:path';
import {build, BuildOptions} from 'esbuild';

const root = path.resolve(__dirname, '..');

/** CommonJS in a shell that gives it `require` and `module`: Node's, AMD's, or the globals `tf` and `autofis`. */
const UMD = {
  banner: `(function (root, library) {
  if (typeof module === 'object' && module.exports) library(require, module);
  else if (typeof define === 'function' && define.amd) {
    define(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'], function (core, layers) {
      var own = {exports: {}};
      library(function (name) { return /layers$/.test(name) ? layers : core; }, own);
      return own.exports;
    });
  } else {
    if (!root.tf || !root.tf.layers) throw new Error('tfjs-autofis needs the global tf: load the script of @tensorflow/tfjs before it.');
    var own = {exports: {}};
    library(function () { return root.tf; }, own);
    root.autofis = own.exports;
  }
})(typeof globalThis === 'object' ? globalThis : self, function (require, module) {`.replace(/\n\s*/g, ' '),
  footer: '});',
};

/** Writes tfjs-autofis.mjs and tfjs-autofis.umd.js, minified, with source maps, into a folder. */
export async function buildBrowser(folder: string): Promise<void> {
  const shared: BuildOptions = {
    entryPoints: [path.join(root, 'src/browser/index.ts')],
    bundle: true,
    external: ['@tensorflow/*'],
    platform: 'browser',
    target: 'es2020',
    minify: true,
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  await build({...shared, format: 'esm', outfile: path.join(folder, 'tfjs-autofis.mjs')});
  await build({
    ...shared,
    format: 'cjs',
    outfile: path.join(folder, 'tfjs-autofis.umd.js'),
    banner: {js: UMD.banner},
    footer: {js: UMD.footer},
  });
}
