import {readFileSync} from 'node:fs';
import path from 'node:path';
import {pages, sitePath} from '../../docs/.vitepress/pages';
import {documents, root} from './markdown';

const listed = pages.flatMap(group => group.pages.map(({file}) => file));

describe('the documentation site', () => {
  it('has every document in its sidebar once', () => {
    expect([...listed].sort()).toEqual(documents);
  });

  it('gives every document a path of its own', () => {
    expect(sitePath('README.md')).toBe('/');
    expect(sitePath('docs/results/recipe.md')).toBe('/results/recipe');
    expect(new Set(listed.map(sitePath)).size).toBe(listed.length);
    expect(listed.map(sitePath).filter(url => url.startsWith('/api/'))).toEqual([]);
  });

  it('has an API reference of every entry of the package', () => {
    const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as unknown;
    const {exports} = read('package.json') as {exports: Record<string, unknown>};
    const {compilerOptions} = read('tsconfig.json') as {compilerOptions: {paths: Record<string, unknown>}};
    const entries = Object.keys(exports).filter(name => !/dist|package\.json/.test(name));
    expect(Object.keys(compilerOptions.paths).sort()).toEqual(
      entries.map(name => name.replace('.', 'tfjs-autofis')).sort(),
    );
  });
});
