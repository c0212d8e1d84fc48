import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import order from '../scripts/import_order.json';
import {importCircle, importGraph, upwardImports} from './helpers/import_graph';

const root = path.resolve(__dirname, '..');

/** The sources of some folders, by path. */
const sourcesOf = (...folders: string[]) =>
  new Map(
    folders.flatMap(folder =>
      readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
        .filter(name => /\.[cm]?[jt]s$/.test(name))
        .map((name): [string, string] => {
          const file = path.join(folder, name);
          return [file.split(path.sep).join('/'), readFileSync(path.join(root, file), 'utf8')];
        }),
    ),
  );
const library = sourcesOf('src', 'layers', 'optimizers');
const around = sourcesOf('benchmarks', 'examples', 'scripts', 'test');

describe('the imports of the library', () => {
  const graph = importGraph(library);

  it('are all found', () => {
    expect(graph.size).toBeGreaterThan(300);
    expect(graph.get('layers/gated_interaction.ts')).toContain('layers/fixed_bn_interaction.ts');
    expect(graph.get('src/cli/main.ts')).toContain('src/cli/commands/index.ts');
  });

  it('go only from a line of scripts/import_order.json to itself and to those before it', () => {
    expect(upwardImports(graph, order)).toEqual([]);
  });
});

test('the imports of the whole repository have no circle', () => {
  const graph = importGraph(new Map([...library, ...around]));
  expect(graph.get('examples/flights/demo.ts')).not.toEqual([]);
  expect(importCircle(graph)).toBeNull();
});

describe('a made fault is found:', () => {
  const withImport = (file: string, line: string) =>
    importGraph(new Map([...library, [file, `${line}\n${library.get(file) ?? ''}`]]));

  it.each([
    ['src/checks.ts', "import {gatedInteraction} from '../layers';", 'src/checks.ts -> layers/index.ts'],
    ['src/data/sql/columns.ts', "export * from '../index';", 'src/data/sql/columns.ts -> src/data/index.ts'],
    [
      'layers/cross_linear.ts',
      "import type {RunRecord} from '../src/record/run_record';",
      'layers/cross_linear.ts -> src/record/run_record.ts',
    ],
    ['src/new_room/file.ts', '', 'src/new_room/file.ts has no place'],
  ])('%s with %s', (file, line, fault) => {
    expect(upwardImports(withImport(file, line), order)).toEqual([fault]);
  });

  it('a circle', () => {
    const circle = importCircle(withImport('src/errors.ts', "import {checkInteger} from './checks';"));
    expect(circle).toEqual(['src/checks.ts', 'src/errors.ts', 'src/checks.ts']);
  });
});
