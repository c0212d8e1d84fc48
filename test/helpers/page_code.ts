import {builtinModules, createRequire} from 'node:module';
import path from 'node:path';
import {build, Plugin} from 'esbuild';

const root = path.resolve(__dirname, '../..');

/**
 * A module of Node, which jest's tools name, for a page: its functions do nothing, but that titles of cases are made.
 */
function hollow(name: string): string {
  const keys = Object.keys(createRequire(__filename)(name === 'graceful-fs' ? 'fs' : name) as object);
  const format = /(^|:)util$/.test(name)
    ? ', format: (text, ...values) => values.reduce((made, value) => made.replace(/%[a-z]/, value), text)'
    : '';
  return `const nothing = () => ''; module.exports = {${keys.map(key => `${JSON.stringify(key)}: nothing`)}${format}};`;
}

/** tfjs and this library are the globals `tf` and `autofis` of the page. */
const pageGlobals: Plugin = {
  name: 'page-globals',
  setup({onResolve, onLoad}) {
    const library = /^(@tensorflow\/|tfjs-autofis($|\/))/;
    const node = new Set([...builtinModules, 'graceful-fs']);
    onResolve({filter: /^[^./]/}, ({path: name}) =>
      library.test(name) || node.has(name.replace(/^node:/, '')) ? {path: name, namespace: 'page'} : undefined,
    );
    onLoad({filter: library, namespace: 'page'}, ({path: name}) => ({
      contents: `module.exports = ${name.startsWith('@') ? 'tf' : 'autofis'};`,
    }));
    onLoad({filter: /.*/, namespace: 'page'}, ({path: name}) => ({contents: hollow(name)}));
  },
};

/**
 * TypeScript of this folder as one script for a page that has tfjs and this library as globals.
 *
 * @param contents A module; paths in it are relative to the repository. What it exports is the global `testing`.
 */
export async function pageScript(contents: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents, resolveDir: root, loader: 'ts'},
    bundle: true,
    format: 'iife',
    globalName: 'testing',
    platform: 'browser',
    target: 'es2022',
    write: false,
    plugins: [pageGlobals],
    logLevel: 'error',
    // Jest's tools look at it when they are loaded.
    banner: {
      js:
        'var __dirname = "/", __filename = "/", process = {env: {}, platform: "browser", versions: {}, cwd: ' +
        '() => "/"}, global = globalThis;',
    },
  });
  return outputFiles[0].text;
}

/** The same as a module that imports tfjs and this library by name. */
export async function pageModule(contents: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents, resolveDir: root, loader: 'ts'},
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    external: ['@tensorflow/*', 'tfjs-autofis', 'tfjs-autofis/*'],
    logLevel: 'error',
  });
  return outputFiles[0].text;
}
