import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

/** The folder of this package: of a user's node_modules, or of a clone. */
export function packageRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as {name?: string}).name === 'tfjs-autofis')
      return folder;
    if (folder === path.dirname(folder)) throw new Error(`tfjs-autofis: no package.json above ${__dirname}`);
  }
}

/** The version of the package in a folder. */
export function packageVersion(folder = packageRoot()): string {
  return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {version: string}).version;
}
