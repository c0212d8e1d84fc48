import path from 'node:path';
import ts from 'typescript';
import {compilerOptions} from '../../tsconfig.json';
import {read} from './markdown';

/** Names that all entries have together, at most. */
const MOST = 180;

/** The names that an entry exports. */
function exported(file: string): string[] {
  const {statements} = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022);
  return statements.flatMap(statement => {
    if (ts.isExportDeclaration(statement)) {
      const {exportClause, moduleSpecifier} = statement;
      if (exportClause !== undefined && ts.isNamedExports(exportClause))
        return exportClause.elements.map(({name}) => name.text);
      const from = (moduleSpecifier as ts.StringLiteral).text;
      return exported(path.join(path.dirname(file), `${from}.ts`));
    }
    const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport);
    const {name} = statement as ts.FunctionDeclaration;
    return isExported && name !== undefined ? [name.text] : [];
  });
}

function isExport({kind}: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

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
const entries = Object.entries(compilerOptions.paths).map(([entry, [file]]) => ({entry, names: exported(file)}));

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
