import path from 'node:path';
import ts from 'typescript';
import {root, Snippet} from './markdown';

/** A snippet as a module: what it takes as given is imported, what it declares is exported. */
export interface SnippetModule extends Snippet {
  /** Its file, which exists in the compiler only. */
  file: string;
  source: string;
  /** Lines before the snippet's own. */
  preamble: number;
}

const {options} = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(root, 'tsconfig.json'), file => ts.sys.readFile(file)).config,
  ts.sys,
  root,
);
const compilerOptions: ts.CompilerOptions = {...options, noUnusedLocals: false, incremental: false, types: ['node']};
/** Files of the library, the compiler's and the packages', which are the same for every program. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * The compiler on files that there are, and on modules that exist only in memory, by file. It takes seconds to know the
 * packages' types, so all documents are given to it at once, and checked once.
 */
function programOf(modules: ReadonlyMap<string, string>, files: readonly string[] = []): ts.Program {
  const host = ts.createCompilerHost(compilerOptions);
  const {getSourceFile, fileExists, readFile} = host;
  host.getSourceFile = (file, ...rest) => {
    const own = modules.get(file);
    if (own !== undefined) return ts.createSourceFile(file, own, rest[0], true);
    if (!parsed.has(file)) parsed.set(file, getSourceFile.call(host, file, ...rest));
    return parsed.get(file);
  };
  host.fileExists = file => modules.has(file) || fileExists.call(host, file);
  host.readFile = file => modules.get(file) ?? readFile.call(host, file);
  return ts.createProgram([...modules.keys(), ...files], compilerOptions, host);
}

/** The errors that the compiler finds in a file. */
function errorsIn(program: ts.Program, name: string): ts.Diagnostic[] {
  const file = program.getSourceFile(name);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
}

/** The names that a file exports. */
function exportsOf(program: ts.Program, name: string): string[] {
  const checker = program.getTypeChecker();
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(name)!)!)
    .map(symbol => symbol.getName());
}

const parse = (source: string) => ts.createSourceFile('snippet.ts', source, ts.ScriptTarget.ES2022, true);

/** Names that a module declares at its top level. */
export function declaredIn(source: string): string[] {
  const names: string[] = [];
  const bound = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else
      name.elements.forEach(element => {
        if (ts.isBindingElement(element)) bound(element.name);
      });
  };
  parse(source).statements.forEach(statement => {
    if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(({name}) => bound(name));
  });
  return names;
}

/** Names that a module uses, those of properties apart, and neither declares at its top level nor imports. */
function missingNames(source: string): string[] {
  const known = new Set(declaredIn(source));
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    const {parent} = node;
    if (ts.isImportSpecifier(node) || ts.isNamespaceImport(node) || ts.isFunctionDeclaration(node))
      known.add(node.name!.text);
    const isProperty =
      parent !== undefined &&
      ((ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node));
    if (ts.isIdentifier(node) && !isProperty) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return [...used].filter(name => !known.has(name));
}

/** A document's snippets, and the module of test/docs that has what they take as given. */
export interface SnippetDocument {
  document: string;
  snippets: readonly Snippet[];
  given: string;
}

/**
 * The snippets of each document as modules. A name that a snippet does not declare comes from the nearest one before it
 * that does, else from the document's given module.
 */
export function modulesOf(documents: readonly SnippetDocument[]): SnippetModule[][] {
  const folder = path.join(root, 'test/docs');
  const fileOf = (document: string, k: number) => path.join(folder, `${document.replace(/\W/g, '_')}_${k}.ts`);
  const givenFile = (given: string) => path.join(folder, `${given}.ts`);
  const program = programOf(
    new Map(),
    documents.map(({given}) => givenFile(given)),
  );
  return documents.map(({document, snippets, given}) => {
    const names = exportsOf(program, givenFile(given));
    const declared = snippets.map(({code}) => declaredIn(code));
    return snippets.map((snippet, k) => {
      const file = fileOf(document, k);
      const imports = missingNames(snippet.code).flatMap(word => {
        const before = declared
          .slice(0, k)
          .map(each => each.includes(word))
          .lastIndexOf(true);
        if (before >= 0) return [`import {${word}} from './${path.basename(fileOf(document, before), '.ts')}';`];
        return names.includes(word) ? [`import {${word}} from '${given}';`] : [];
      });
      const exported = declared[k].length === 0 ? 'export {};' : `export {${declared[k].join(', ')}};`;
      return {
        ...snippet,
        file,
        preamble: imports.length,
        source: [...imports, snippet.code, exported, ''].join('\n'),
      };
    });
  });
}

/** What the compiler says of each document's modules, with the line of the document. */
export function typeErrors(documents: readonly SnippetModule[][]): string[][] {
  const program = programOf(new Map(documents.flat().map(({file, source}) => [file, source])));
  return documents.map(modules =>
    modules.flatMap(module =>
      errorsIn(program, module.file).map(({file, start, messageText}) => {
        const at = module.line + file!.getLineAndCharacterOfPosition(start!).line - module.preamble;
        return `line ${at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      }),
    ),
  );
}

/** Runs modules one after another; `load` gives what they import from elsewhere. */
export async function runModules(modules: readonly SnippetModule[], load: (name: string) => unknown): Promise<void> {
  const done = new Map<string, object>();
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<void>;
  for (const {file, source, line} of modules) {
    const {outputText} = ts.transpileModule(source, {
      compilerOptions: {module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true},
    });
    const exports = {};
    const require = (name: string) => done.get(path.join(path.dirname(file), `${name}.ts`)) ?? load(name);
    try {
      await new AsyncFunction('exports', 'require', outputText)(exports, require);
    } catch (error) {
      throw new Error(`The snippet in line ${line} does not run: ${(error as Error).message}`, {cause: error});
    }
    done.set(file, exports);
  }
}
