import {type ChildProcess, spawn} from 'node:child_process';
import path from 'node:path';
import {createInterface} from 'node:readline';

const root = path.resolve(__dirname, '../..');

/** A line in which each rule finds a fault, and a file that has it. */
interface Probe {
  file: string;
  text: string;
}

let linter: ChildProcess;
let lines: AsyncIterator<string>;
/** The project's linter in a process of its own, which answers line by line: its configuration is a module. */
beforeAll(() => {
  const script = `import('eslint').then(async ({ESLint}) => {
    const eslint = new ESLint();
    for await (const line of require('node:readline').createInterface({input: process.stdin})) {
      const found = [];
      for (const {file, text} of JSON.parse(line)) {
        const [{messages}] = await eslint.lintText(text, {filePath: file});
        found.push([...new Set(messages.map(({ruleId}) => ruleId))].sort());
      }
      console.log(JSON.stringify(found));
    }
  })`;
  linter = spawn(process.execPath, ['-e', script], {cwd: root, stdio: ['pipe', 'pipe', 'inherit']});
  lines = createInterface({input: linter.stdout!})[Symbol.asyncIterator]();
});
afterAll(() => linter.stdin!.end());

/** The rules that each probe breaks. */
async function broken(probes: readonly Probe[]): Promise<string[][]> {
  linter.stdin!.write(`${JSON.stringify(probes)}\n`);
  return JSON.parse((await lines.next()).value as string) as string[][];
}

it('every folder and kind of file has the rules of layout', async () => {
  const files = [
    'src/training/new_file.ts',
    'layers/new_file.ts',
    'optimizers/new_file.ts',
    'examples/serve/new_file.ts',
    'examples/browser/new.config.mts',
    'examples/browser/new_worker.js',
    'benchmarks/new_file.ts',
    'test/layers/new_file.ts',
    'test/new_file.cjs',
    'scripts/new_file.mjs',
    'docs/.vitepress/new_file.mts',
    'new.config.ts',
  ];
  const text =
    'export const f = (a, b) => {\n' +
    '  let c = a, d = b;\n' +
    '  d = c ? a : d ? b : (c = d);\n' +
    `  return '${'x'.repeat(120)}' + d;\n` +
    '};\n';
  const found = await broken(files.map(file => ({file, text})));
  const rules = ['max-len', 'no-nested-ternary', 'one-var'];
  expect(found.map(each => each.filter(rule => rules.includes(rule)))).toEqual(files.map(() => rules));
});

it('examples for users and benchmarks import public entries only, the page also the source', async () => {
  const files = [
    ['examples/models/table.ts', '../../src/schema/calendar'],
    ['examples/serve/server.ts', '../../layers/index'],
    ['examples/flights/demo.ts', '../../optimizers'],
    ['benchmarks/bench.ts', '../src/schema/calendar'],
  ];
  const inside = files.map(([file, id]) => ({file, text: `export * from '${id}';\n`}));
  const entry = files.map(([file]) => ({file, text: "export * from 'tfjs-autofis/schema';\n"}));
  expect(await broken(inside)).toEqual(files.map(() => ['@typescript-eslint/no-restricted-imports']));
  expect(await broken(entry)).toEqual(files.map(() => []));
  const page = {file: 'examples/browser/strings.ts', text: "export * from '../../src/schema/calendar';\n"};
  expect(await broken([page])).toEqual([[]]);
});

it("docstrings of the library's code begin with a verb or a noun", async () => {
  const openings = [
    'What a row costs.',
    'Whether rows fit.',
    'How rows are read.',
    'Of each row.',
    'The same, sorted.',
  ];
  const sound = ['Read rows.', 'Rows that fit.', 'Howlers of a reader.', 'True where rows fit; what else is false.'];
  const textOf = (line: string) => `/** ${line} */\nexport const x = 1;\n`;
  const probes = ['src/training/new_file.ts', 'layers/new_file.ts', 'optimizers/new_file.ts'].flatMap(file => [
    ...openings.map(line => ({file, text: textOf(line)})),
    {file, text: '/**\n * As before.\n *\n * @returns 1.\n */\nexport const x = 1;\n'},
    ...sound.map(line => ({file, text: textOf(line)})),
    // Comments that document nothing may open as they like.
    {file, text: `// What follows is one.\n${textOf('Rows.')}`},
  ]);
  const found = await broken(probes);
  const expected = [...Array.from({length: 6}, () => ['docstrings/opening']), ...Array.from({length: 5}, () => [])];
  expect(found).toEqual([...expected, ...expected, ...expected]);
});
