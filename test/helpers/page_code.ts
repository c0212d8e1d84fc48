import {builtinModules} from 'node:module';
import path from 'node:path';
import {build, Plugin} from 'esbuild';

const root = path.resolve(__dirname, '../..');

/** tfjs and this library are the globals `tf` and `autofis` of the page; modules of Node, which test tools name, are empty. */
const pageGlobals: Plugin = {
  name: 'page-globals',
  setup({onResolve, onLoad}) {
    const node = new Set([...builtinModules, 'graceful-fs']);
    const global = (name: string) => name.startsWith('@tensorflow/') ? 'tf' : /^tfjs-autofis(\/|$)/.test(name) ? 'autofis' :
      node.has(name.replace(/^node:/, '')) ? 'Object()' : null;
    onResolve({filter: /^[^./]/}, ({path: name}) => global(name) === null ? undefined : {path: name, namespace: 'page-global'});
    onLoad({filter: /.*/, namespace: 'page-global'}, ({path: name}) => ({contents: `module.exports = ${global(name)}`, loader: 'js'}));
  },
};

/**
 * TypeScript of this folder as one script for a page that has tfjs and this library as globals.
 *
 * @param contents A module; paths in it are relative to the repository. What it exports is the global `testing`.
 */
export async function pageScript(contents: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents, resolveDir: root, loader: 'ts'}, bundle: true, format: 'iife', globalName: 'testing', platform: 'browser',
    target: 'es2022', write: false, plugins: [pageGlobals], logLevel: 'error',
    // Jest's tools look at it when they are loaded.
    banner: {js: 'var process = {env: {}, platform: "browser", versions: {}, cwd: () => "/"}, global = globalThis;'},
  });
  return outputFiles[0].text;
}

/** The same as a module that imports tfjs and this library by name. */
export async function pageModule(contents: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents, resolveDir: root, loader: 'ts'}, bundle: true, format: 'esm', platform: 'browser', target: 'es2022', write: false,
    external: ['@tensorflow/*', 'tfjs-autofis', 'tfjs-autofis/*'], logLevel: 'error',
  });
  return outputFiles[0].text;
}
