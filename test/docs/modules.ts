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
/** The last two are of names that test runners have, such as `test`. */
const CANNOT_FIND = [2304, 2552, 18004, 2582, 2593];
/** Files of the library, the compiler's and the packages', which are the same for every program. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The errors that the compiler finds in modules that exist only in memory, by file. */
function check(modules: ReadonlyMap<string, string>): ts.Diagnostic[] {
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
  const program = ts.createProgram([...modules.keys()], compilerOptions, host);
  return [...modules.keys()].flatMap(file => [
    ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
    ...program.getSemanticDiagnostics(program.getSourceFile(file)),
  ]);
}

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
  ts.createSourceFile('declared.ts', source, ts.ScriptTarget.ES2022, true).statements.forEach(statement => {
    if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(({name}) => bound(name));
  });
  return names;
}

/**
 * The snippets of a document as modules. A name that a snippet does not declare comes from the nearest one before it
 * that does, else from `given`, the first module there that exports it.
 */
export function modulesOf(
  document: string,
  snippets: readonly Snippet[],
  given: ReadonlyArray<{module: string; names: readonly string[]}>,
): SnippetModule[] {
  const folder = path.join(root, 'test/docs');
  const name = document.replace(/\W/g, '_');
  const files = snippets.map((_, k) => path.join(folder, `${name}_${k}.ts`));
  const missing = snippets.map(() => new Set<string>());
  const bare = new Map(snippets.map(({code}, k) => [files[k], `export {};\n${code}\n`]));
  for (const {code, file, start, messageText} of check(bare)) {
    const k = files.indexOf(file!.fileName);
    const rest = file!.text.slice(start);
    const word = code === 18004 ? /'(\w+)'/.exec(String(messageText))?.[1] : /^\w+/.exec(rest)?.[0];
    if (CANNOT_FIND.includes(code) && word !== undefined) missing[k].add(word);
  }
  const declared = snippets.map(({code}) => declaredIn(code));
  return snippets.map((snippet, k) => {
    const imports = [...missing[k]].map(word => {
      const before = declared
        .slice(0, k)
        .map(names => names.includes(word))
        .lastIndexOf(true);
      const from = before >= 0 ? `./${name}_${before}` : given.find(({names}) => names.includes(word))?.module;
      return from === undefined ? `// nothing gives ${word}` : `import {${word}} from '${from}';`;
    });
    const exported = declared[k].length === 0 ? 'export {};' : `export {${declared[k].join(', ')}};`;
    return {
      ...snippet,
      file: files[k],
      preamble: imports.length,
      source: [...imports, snippet.code, exported, ''].join('\n'),
    };
  });
}

/** What the compiler says of modules, each with the line of the document. */
export function typeErrors(modules: readonly SnippetModule[]): string[] {
  return check(new Map(modules.map(({file, source}) => [file, source]))).map(({file, start, messageText}) => {
    const {line, preamble} = modules.find(module => module.file === file!.fileName)!;
    const at = line + file!.getLineAndCharacterOfPosition(start!).line - preamble;
    return `line ${at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** Runs modules one after the other; `load` gives what they import from elsewhere. */
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
