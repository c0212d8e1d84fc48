import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {buildIfStale} from '../helpers/built';
import {read, root} from './markdown';

const json = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, never>;
/** "name: licence" of packages, as they are installed. */
const licences = (names: Record<string, string>) =>
  Object.keys(names)
    .map(name => `${name}: ${String(json(`node_modules/${name}/package.json`)['license'])}`)
    .sort();

/** "name: licence" of the table below a heading of THIRD_PARTY.md. */
function listed(heading: string): string[] {
  const section = read('THIRD_PARTY.md')
    .split(/^## /m)
    .find(text => text.startsWith(heading))!;
  return [...section.matchAll(/^\| (\S+) \| ([^|]+?) \|/gm)]
    .filter(([, name]) => name !== 'package')
    .map(([, name, licence]) => `${name}: ${licence}`)
    .sort();
}

describe('THIRD_PARTY.md', () => {
  const {dependencies, peerDependencies, devDependencies} = json('package.json');

  it('has the licence of every dependency', () => {
    expect(listed('Installed with it')).toEqual(licences(dependencies));
    expect(licences(dependencies).length).toBeGreaterThan(5);
  });

  it('has the licence of every peer', () => {
    expect(listed('Installed by you')).toEqual(licences(peerDependencies));
  });

  it('has the licence text of what the build takes in', () => {
    const words = (text: string) => text.replace(/\s+/g, ' ').trim();
    const text = readFileSync(path.join(root, 'node_modules/tsup/LICENSE'), 'utf8');
    expect(words(read('THIRD_PARTY.md'))).toContain(words(text.slice(text.indexOf('Permission'))));
    expect(read('THIRD_PARTY.md')).toContain(`tsup ${String(devDependencies['tsup'])}`);
  });

  describe('on npm audit', () => {
    const section = read('THIRD_PARTY.md')
      .split(/^## /m)
      .find(text => text.startsWith('`npm audit`'))!;
    const rows = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].slice(1);
    /** Name and majors of each package: "agent-base 4 and 6". */
    const named = rows
      .flatMap(([, packages]) => packages.split(', '))
      .map(text => /^(\S+) (\S+)(?: and (\S+))?$/.exec(text)!.slice(1));

    it('names the versions that TensorFlow.js installs', () => {
      const {packages} = json('package-lock.json') as unknown as {packages: Record<string, {version: string}>};
      const versions = (name: string) =>
        Object.entries(packages)
          .filter(([at]) => at.endsWith(`node_modules/${name}`))
          .map(([, {version}]) => version);
      const missing = named.flatMap(([name, ...majors]) =>
        majors.filter(major => major !== undefined && !versions(name).some(version => version.startsWith(`${major}.`))),
      );
      expect(named.length).toBeGreaterThan(8);
      expect(missing).toEqual([]);
    });

    it('is right that a running program loads none of them', async () => {
      await buildIfStale();
      const addon = 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';
      const backend = existsSync(path.join(root, addon)) ? 'tfjs-node' : 'wasm';
      const script = `require('./dist/runtime.js').useBackend('${backend}').then(() =>
        console.log(JSON.stringify(Object.keys(require.cache))));`;
      const loaded = JSON.parse(
        execFileSync(process.execPath, ['-e', script], {
          cwd: root,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ) as string[];
      const packages = new Set(
        loaded.map(
          file => /^(@[^/]+\/)?[^/]+/.exec(file.split(path.sep).join('/').split('/node_modules/').pop()!)?.[0],
        ),
      );
      expect(packages).toContain('@tensorflow/tfjs-core');
      expect(named.map(([name]) => name).filter(name => packages.has(name))).toEqual([]);
    });
  });
});
