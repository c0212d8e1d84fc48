import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {build, Plugin} from 'esbuild';

const root = path.resolve(__dirname, '../..');
const folder = path.join(root, 'node_modules/.cache/tfjs-autofis-tests');

/** Lets each module see the place of its source. */
const inPlace: Plugin = {
  name: 'in-place',
  setup({onLoad}) {
    onLoad({filter: /\.ts$/}, ({path: file}) => ({
      contents: readFileSync(file, 'utf8')
        .replace(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(file).href))
        .replace(/\b__dirname\b/g, JSON.stringify(path.dirname(file))),
      loader: 'ts',
    }));
  },
};

/**
 * Compiles a script and its modules of this repository into one file for Node, which starts in a third of the time that
 * tsx takes.
 *
 * @param script Its path in the repository.
 * @returns The path of the file.
 */
export function compiled(script: string): Promise<string> {
  const file = made.get(script) ?? compile(script);
  made.set(script, file);
  return file;
}

/** Sources do not change while a file of tests runs. */
const made = new Map<string, Promise<string>>();

async function compile(script: string): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [path.join(root, script)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    write: false,
    plugins: [inPlace],
    logLevel: 'error',
  });
  const {contents} = outputFiles[0];
  const file = path.join(folder, `${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.cjs`);
  if (existsSync(file)) return file;
  mkdirSync(folder, {recursive: true});
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, file);
  return file;
}
