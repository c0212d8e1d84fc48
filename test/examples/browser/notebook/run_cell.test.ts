import {declaredIn, runCell, withoutImports} from '../../../../examples/browser/notebook/run_cell';

const shown: unknown[] = [];
const environment = {
  load: async (name: string) => ({name, twice: (x: number) => 2 * x, default: 'whole'}),
  show: (value: unknown) => shown.push(value),
};
beforeEach(() => {
  shown.length = 0;
});

it('gives what a cell declares to the next one', async () => {
  const first = await runCell(
    'const {a, b: [c]} = {a: 1, b: [2]};\nlet d = await 3;\nfunction f() { return d; }',
    {},
    environment,
  );
  expect(Object.keys(first)).toEqual(['a', 'c', 'd', 'f']);
  await runCell('show(a + c + d + f());\nshow(data);', {...first, data: 'x'}, environment);
  expect(shown).toEqual([9, 'x']);
});

it('keeps what is inside of a block to itself, and lets a cell declare a name again', async () => {
  const scope = await runCell('for (const i of [1]) {\n  const inner = i;\n}\nclass A {}', {}, environment);
  expect(Object.keys(scope)).toEqual(['A']);
  expect(await runCell('const x = 2;', {x: 1, y: 3}, environment)).toEqual({x: 2, y: 3});
  expect(await runCell('x = 5;', {x: 1}, environment)).toEqual({x: 5});
});

it('imports by name, as a whole, and the default', async () => {
  const code = [
    "import {name, twice as double} from 'a';",
    "import * as all from 'b';",
    'import whole from "c";',
    'show([name, double(2), all.name, whole]);',
  ].join('\n');
  expect(Object.keys(await runCell(code, {}, environment))).toEqual(['name', 'double', 'all', 'whole']);
  expect(shown).toEqual([['a', 4, 'b', 'whole']]);
  expect(withoutImports("import {\n  a,\n  b,\n} from 'x';")).toBe('const {\n  a,\n  b,\n} = await load("x");');
  expect(declaredIn('const {\n  a,\n  b,\n} = await load("x");\nconst n = {c: 1};')).toEqual(['a', 'b', 'n']);
});

it('throws what the code throws', async () => {
  await expect(runCell('none();', {}, environment)).rejects.toThrow('none is not defined');
  await expect(runCell('const = 1;', {}, environment)).rejects.toThrow(SyntaxError);
});
