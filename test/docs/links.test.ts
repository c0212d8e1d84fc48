import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {anchorOf} from '../../docs/.vitepress/pages';
import {anchorsOf, documents, proseOf, read, root} from './markdown';

/** Every link and picture of a document that points into the project. */
function linksOf(text: string): string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter(target => !/^[a-z]+:/.test(target));
}

describe('documents', () => {
  it('are found, and their links too', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/data.md', 'docs/report.md']));
    expect(linksOf('[a](docs/a.md#b) ![c](c.png) `[no](no)` [out](https://example.com)')).toEqual([
      'docs/a.md#b',
      'c.png',
    ]);
    expect(anchorOf("GatedInteraction's `each`, 3rd order: how?")).toBe('gatedinteractions-each-3rd-order-how');
  });

  it.each(documents)('%s: every link leads to a file or heading that is there', document => {
    const broken = linksOf(read(document)).filter(target => {
      const [file, anchor] = target.split('#');
      const found =
        file === '' ? path.join(root, document) : path.resolve(root, path.dirname(document), decodeURI(file));
      if (!existsSync(found)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(found, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s: every npm command that is named exists', document => {
    const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: {[name: string]: string};
    };
    const named = [...read(document).matchAll(/`npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter(name => !(name in scripts))).toEqual([]);
  });
});

describe('README', () => {
  it('leads to every document, through others or by itself', () => {
    const reached = new Set(['README.md']);
    for (const document of reached) {
      const targets = linksOf(read(document)).map(target =>
        path.join(path.dirname(document), target.split('#')[0]).split(path.sep).join('/'),
      );
      targets.filter(target => documents.includes(target)).forEach(target => reached.add(target));
    }
    expect(documents.filter(document => !reached.has(document))).toEqual([]);
  });

  it('takes two minutes to read', () => {
    expect(proseOf(read('README.md')).split(/\s+/).length).toBeLessThanOrEqual(500);
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(110);
  });
});
