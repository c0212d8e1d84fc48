import path from 'node:path';
import ts from 'typescript';
import {compilerOptions} from '../../tsconfig.json';
import {root, Snippet} from './markdown';

const {paths} = compilerOptions;

/** The entries of the package, as tsconfig.json names them, and those that browsers get in their place. */
const ENTRIES = [
  ...Object.values(paths).flatMap(([file]) => path.normalize(file)),
  'src/runtime/browser/index.ts',
  'src/report/browser/index.ts',
];

/** A function or class that an entry exports. */
export interface PublicThing {
  name: string;
  /** Its file, from the project's root. */
  file: string;
  declaration: ts.FunctionDeclaration | ts.ClassDeclaration;
  /** Its docstring without tags; '' without one. */
  text: string;
  tags: Array<{tag: string; text: string; line: number}>;
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, ts.sys.readFile(path.join(root, file))!, ts.ScriptTarget.ES2022, true);
}

/** The file of the library that a relative import names. */
function resolved(from: string, to: string): string {
  const file = path.join(path.dirname(from), to);
  return ts.sys.fileExists(path.join(root, `${file}.ts`)) ? `${file}.ts` : path.join(file, 'index.ts');
}

/** Where each name that a file exports is declared, by file. */
function exportsOf(file: string, files: Map<string, ts.SourceFile>): Array<[name: string, file: string]> {
  if (!files.has(file)) files.set(file, parse(file));
  return files.get(file)!.statements.flatMap(statement => {
    if (!ts.isExportDeclaration(statement)) {
      const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport);
      const {name} = statement as ts.FunctionDeclaration;
      return isExported && name !== undefined ? [[name.text, file] as [string, string]] : [];
    }
    const {moduleSpecifier, exportClause} = statement;
    if (moduleSpecifier === undefined)
      return (exportClause as ts.NamedExports).elements.map(({name}) => [name.text, file] as [string, string]);
    if (!ts.isStringLiteral(moduleSpecifier)) return [];
    if (!moduleSpecifier.text.startsWith('.')) return [];
    const there = exportsOf(resolved(file, moduleSpecifier.text), files);
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return there;
    const wanted = exportClause.elements.map(({name, propertyName}) => (propertyName ?? name).text);
    return there.filter(([name]) => wanted.includes(name));
  });
}

/** The names that a file of the library exports. */
export function exportedNames(file: string): string[] {
  return exportsOf(path.normalize(file), new Map()).map(([name]) => name);
}

function isExport({kind}: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

/** All functions and classes that users of the package can import, each once. */
export function publicThings(): PublicThing[] {
  const files = new Map<string, ts.SourceFile>();
  const found = new Set(ENTRIES.flatMap(entry => exportsOf(entry, files).map(each => each.join('#'))));
  return [...found].sort().flatMap(each => {
    const [name, file] = each.split('#');
    const declaration = files
      .get(file)!
      .statements.find(
        (statement): statement is PublicThing['declaration'] =>
          (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name?.text === name,
      );
    return declaration === undefined ? [] : [documented(name, file, declaration)];
  });
}

/** Links of public comments that the reference cannot resolve. */
export function brokenLinks(): string[] {
  const files = new Map<string, ts.SourceFile>();
  const entries = ENTRIES.map(entry => exportsOf(entry, files));
  const broken = entries.flatMap(things => {
    const names = new Set(things.map(([name]) => name));
    return things.flatMap(([name, file]) =>
      files
        .get(file)!
        .statements.filter(statement => (statement as ts.FunctionDeclaration).name?.text === name)
        .flatMap(statement => [...statement.getFullText().matchAll(/\{@link (\w+)/g)])
        .filter(([, to]) => !names.has(to))
        .map(([, to]) => `${file}: ${name} links to ${to}`),
    );
  });
  return [...new Set(broken)];
}

function documented(name: string, file: string, declaration: PublicThing['declaration']): PublicThing {
  const source = declaration.getSourceFile();
  const docs = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
  return {
    name,
    file,
    declaration,
    text: docs.map(({comment}) => ts.getTextOfJSDocComment(comment) ?? '').join('\n'),
    tags: docs.flatMap(({tags}) =>
      [...(tags ?? [])].map(tag => ({
        tag: tag.tagName.text,
        text: exampleText(tag, source),
        line: source.getLineAndCharacterOfPosition(tag.pos).line + 2,
      })),
    ),
  };
}

/** The text of a tag as it is written, line by line. */
function exampleText(tag: ts.JSDocTag, source: ts.SourceFile): string {
  return source.text
    .slice(tag.tagName.end, tag.end)
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replace(/\*\/\s*$/, '')
    .trim();
}

/** The examples of all public docstrings as snippets, by file. */
export function examplesOf(things: readonly PublicThing[]): Map<string, Snippet[]> {
  const examples = new Map<string, Snippet[]>();
  for (const {file, name, tags} of things) {
    const snippets = tags
      .filter(({tag}) => tag === 'example')
      .map(({text, line}) => ({language: 'ts', line, code: text}));
    if (snippets.length > 0) examples.set(`${file}#${name}`, snippets);
  }
  return examples;
}
