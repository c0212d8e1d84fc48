import fs from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';

/** The compiled files of tfjs-core, which ship with its specs. */
const dist = path.join(path.dirname(require.resolve('@tensorflow/tfjs-core/package.json')), 'dist');

/** The files of tfjs-core's specs, such as 'ops/gather_test', in its own order. */
export function specFiles(): string[] {
  const list = fs.readFileSync(path.join(dist, 'tests.js'), 'utf8');
  return [...list.matchAll(/^import '\.\/(.+)';$/gm)].map(([, file]) => file);
}

/**
 * Makes one file of specs. They are ES modules without extensions in their imports, which Node does not load. What the
 * file exports is tfjs-core's own helper for them, of which it calls `register` between that and the specs.
 *
 * @param folder Where the file goes: it finds packages from there.
 */
export async function bundleSpecs(folder: string, specs: readonly string[]): Promise<string> {
  const outfile = path.join(folder, 'specs.cjs');
  const imports = specs.map(file => `  require('./${file}');`);
  await build({
    stdin: {
      contents: `
        import './public/chained_ops/register_all_chained_ops';
        import './register_all_gradients';
        export {setTestEnvs} from './jasmine_util';
        export function define() {\n${imports.join('\n')}\n}`,
      resolveDir: dist,
      sourcefile: 'specs.js',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'silent',
  });
  return outfile;
}
