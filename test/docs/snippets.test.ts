import path from 'node:path';
import {declaredIn, modulesOf, SnippetModule, typeErrors} from './modules';
import {examplesOf, publicThings} from './public_api';
import {typed, typedSnippets} from './typed_snippets';

/** The examples of public docstrings, by file and name: these are compiled, but do not run. */
const examples = examplesOf(publicThings());

let modules: SnippetModule[][];
let errors: string[][];
beforeAll(() => {
  modules = modulesOf([
    ...typed.map(typedSnippets),
    ...[...examples].map(([document, snippets]) => ({document, snippets, given: './given/examples'})),
  ]);
  errors = typeErrors(modules);
});

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

it.each(typed)('%s has snippets that compile', document => {
  expect(errors[typed.indexOf(document)]).toEqual([]);
});
