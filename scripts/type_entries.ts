import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** Where the modules are written; the types of Node and jest are found from there. */
const folder = path.resolve('node_modules/.cache/tfjs-autofis-types');

/**
 * Writes a module for each entry, all in one folder with a tsconfig. rollup-plugin-dts makes a TypeScript program for
 * each folder of entries, and each program checks the whole library.
 */
export function typeEntries(entries: Record<string, string>): {tsconfig: string; entry: Record<string, string>} {
  mkdirSync(folder, {recursive: true});
  const names = Object.keys(entries);
  for (const name of names) {
    // By a relative path from node_modules it would be taken for a library of others.
    const module = JSON.stringify(path.resolve(entries[name].replace(/\.ts$/, '')));
    writeFileSync(path.join(folder, `${name}.ts`), `export * from ${module};\n`);
  }
  const tsconfig = path.join(folder, 'tsconfig.json');
  const extended = path.resolve('tsconfig.json');
  writeFileSync(tsconfig, JSON.stringify({extends: extended, include: names.map(name => `${name}.ts`)}));
  return {tsconfig, entry: Object.fromEntries(names.map(name => [name, path.join(folder, `${name}.ts`)]))};
}
