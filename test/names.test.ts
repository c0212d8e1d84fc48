import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..');
/** One function in Node, another one in browsers, under the same public name. */
const TWINS = ['loadBundle', 'saveBundle', 'updateBundle', 'useBackend'];

/** The names that a file declares and exports; names that it passes on from elsewhere are left out. */
function declared(text: string): string[] {
  const {statements} = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2022);
  return statements.filter(isExported).flatMap(statement => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({name}) => (ts.isIdentifier(name) ? [name.text] : []));
    const {name} = statement as ts.FunctionDeclaration;
    return name === undefined ? [] : [name.text];
  });
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({kind}) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** Files by the name that several of them declare. */
function doubles(files: ReadonlyArray<readonly [file: string, text: string]>): Record<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const [file, text] of files)
    for (const name of new Set(declared(text))) byName.set(name, [...(byName.get(name) ?? []), file]);
  return Object.fromEntries([...byName].filter(([, found]) => found.length > 1));
}

const library = ['src', 'layers', 'optimizers'].flatMap(folder =>
  readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.ts'))
    .map(name => path.join(folder, name))
    .map(file => [file.split(path.sep).join('/'), readFileSync(path.join(root, file), 'utf8')] as const),
);

describe('names that files of the library export', () => {
  it('belong to one thing each, but for functions that browsers get in another form', () => {
    expect(Object.keys(doubles(library)).sort()).toEqual(TWINS);
  });

  it('are found, overloads of one function once', () => {
    const overloads = 'export function f(): void;\nexport function f(x?: number): void {}\n';
    const others = 'export const f = 1, g = 2;\nexport type T = 1;\nconst h = 1;\nexport {T as U} from "./x";';
    expect(doubles([['a.ts', overloads]])).toEqual({});
    expect(
      doubles([
        ['a.ts', overloads],
        ['b.ts', others],
        ['c.ts', 'export interface T {}\nexport const h = 2;'],
      ]),
    ).toEqual({
      f: ['a.ts', 'b.ts'],
      T: ['b.ts', 'c.ts'],
    });
  });
});
