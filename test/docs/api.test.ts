import {compilerOptions} from '../../tsconfig.json';
import {read} from './markdown';
import {exportedNames} from './public_api';

/** Names that all entries have together, at most. */
const MOST = 180;

/** The names of each section of the page. */
const listed = new Map(
  read('docs/api-1.0.md')
    .split(/^## /m)
    .slice(1)
    .map(section => {
      const [entry, ...lines] = section.trim().split('\n');
      const names = lines
        .filter(line => line.startsWith('- '))
        .flatMap(line => line.slice(2, line.indexOf(': ')).match(/\w+/g)!);
      return [entry, names];
    }),
);
const entries = Object.entries(compilerOptions.paths).map(([entry, [file]]) => ({entry, names: exportedNames(file)}));

describe('docs/api-1.0.md', () => {
  it('lists every name that an entry exports, once, and no other', () => {
    const names = new Set(entries.flatMap(each => each.names));
    expect([...listed.values()].flat().sort()).toEqual([...names].sort());
    expect(names.size).toBeLessThanOrEqual(MOST);
  });

  it.each([...listed.keys()])('lists under %s what it exports', entry => {
    const {names} = entries.find(each => each.entry === entry)!;
    expect(names).toEqual(expect.arrayContaining(listed.get(entry)!));
  });
});
