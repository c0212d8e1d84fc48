import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {documents, read, snippetsOf} from './markdown';
import {declaredIn, modulesOf, runModules, SnippetModule, typeErrors} from './modules';
import {tf as union} from './given/tf';
import {examplesOf, publicThings} from './public_api';

/**
 * What the snippets of a document take as given: a module of test/docs/given, which may `prepare` the current folder.
 */
const givenBy: {[document: string]: string} = {
  'README.md': 'training',
  'docs/checkpoints.md': 'checkpoints',
  'docs/cluster.md': 'cluster',
  'docs/data.md': 'data',
  'docs/exports.md': 'exports',
  'docs/guide.md': 'guide',
  'docs/models.md': 'training',
  'docs/recipe.md': 'guide',
  'docs/report.md': 'report',
  'docs/tutorial.md': 'tutorial',
  'docs/update.md': 'update',
};
const typed = documents.filter(document => snippetsOf(read(document)).some(({language}) => language === 'ts'));

type Given = {prepare?(): Promise<void>} & {[name: string]: unknown};

const given = (document: string) => jest.requireActual<Given>(`./given/${givenBy[document]}`);

/** The examples of public docstrings, by file and name: these are compiled, but do not run. */
const examples = examplesOf(publicThings());

let modules: SnippetModule[][];
let errors: string[][];
beforeAll(() => {
  modules = modulesOf([
    ...typed.map(document => ({
      document,
      snippets: snippetsOf(read(document)).filter(({language}) => language === 'ts'),
      given: `./given/${givenBy[document]}`,
    })),
    ...[...examples].map(([document, snippets]) => ({document, snippets, given: './given/examples'})),
  ]);
  errors = typeErrors(modules);
});

const loaders: {[name: string]: () => unknown} = {
  'tfjs-autofis': () => jest.requireActual('tfjs-autofis'),
  'tfjs-autofis/bundle': () => jest.requireActual('tfjs-autofis/bundle'),
  'tfjs-autofis/checkpoints': () => jest.requireActual('tfjs-autofis/checkpoints'),
  'tfjs-autofis/data': () => jest.requireActual('tfjs-autofis/data'),
  'tfjs-autofis/export': () => jest.requireActual('tfjs-autofis/export'),
  'tfjs-autofis/models': () => jest.requireActual('tfjs-autofis/models'),
  'tfjs-autofis/report': () => jest.requireActual('tfjs-autofis/report'),
  'tfjs-autofis/runtime': () => jest.requireActual('tfjs-autofis/runtime'),
  'onnxruntime-node': () => jest.requireActual('onnxruntime-node'),
  '@tensorflow/tfjs': () => union,
  '@tensorflow/tfjs-core': () => tf,
  '@tensorflow/tfjs-node': () => union,
};

describe('the compiler of snippets', () => {
  it('finds what is wrong, in the line of the document', () => {
    const snippets = [
      {language: 'ts', line: 10, code: 'const a: number = 1;'},
      {language: 'ts', line: 20, code: '\nconst b: string = a;\nnone(ids);'},
    ];
    const [[first, second]] = modulesOf([{document: 'README.md', snippets, given: './given/training'}]);
    expect(first.source).toBe('const a: number = 1;\nexport {a};\n');
    expect(typeErrors([[first, second]])).toEqual([
      ["line 21: Type 'number' is not assignable to type 'string'.", "line 22: Cannot find name 'none'."],
    ]);
    expect(declaredIn('const {x, y: [z]} = f(), w = 1; function g() { const v = 2; }')).toEqual(['x', 'z', 'w']);
  });
});

it('examples of public docstrings compile', () => {
  expect(examples.size).toBeGreaterThan(40);
  const wrong = [...examples.keys()].flatMap((where, i) => errors[typed.length + i].map(error => `${where}: ${error}`));
  expect(wrong).toEqual([]);
});

it('programs that stand alone start a backend before they compute', () => {
  // Those of tfjs-autofis/data alone make no tensor.
  const computes = (source: string) => /^import (?!.*'tfjs-autofis\/data')/m.test(source) && source.includes('await ');
  const programs = modules
    .slice(0, typed.length)
    .flat()
    .filter(({preamble, source}) => preamble === 0 && computes(source));
  const starts = (source: string) => source.includes('\nawait useBackend();\n');
  expect(programs.map(({file, source}) => [path.basename(file), starts(source)])).toEqual([
    ['README_md_0.ts', true],
    ['docs_checkpoints_md_0.ts', true],
    ['docs_cluster_md_0.ts', true],
    ['docs_tutorial_md_0.ts', true],
    ['docs_tutorial_md_1.ts', true],
    ['docs_update_md_0.ts', true],
  ]);
});

describe.each(typed)('%s', document => {
  let folder: string;
  const home = process.cwd();
  beforeAll(() => {
    // The progress bar of tfjs-node keeps a reference to console.log.
    if (tf.getBackend() !== 'tensorflow') return;
    const {progressBarHelper} = jest.requireActual<{progressBarHelper: {log(): void}}>(
      '@tensorflow/tfjs-node/dist/callbacks',
    );
    progressBarHelper.log = () => {};
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'autofis-docs-'));
    process.chdir(folder);
    for (const method of ['log', 'warn', 'table'] as const) jest.spyOn(console, method).mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.chdir(home);
    rmSync(folder, {recursive: true});
    tf.disposeVariables();
  });

  it('has snippets that compile and run as they are printed', async () => {
    const at = typed.indexOf(document);
    expect(errors[at]).toEqual([]);
    // test/package runs README to the letter, as installed.
    if (document === 'README.md') return;
    await given(document).prepare?.();
    await runModules(modules[at], name => (name.startsWith('./given/') ? given(document) : loaders[name]()));
  });
});
