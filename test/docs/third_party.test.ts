import {readFileSync} from 'node:fs';
import path from 'node:path';
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
});
