/** Values of the cells that have run, by name. */
export type Scope = Record<string, unknown>;

/** What a cell can use without importing or declaring it. */
export interface Environment {
  /** The module of a name. */
  load(name: string): Promise<Record<string, unknown>>;
  /** Puts a value below the cell. */
  show(value: unknown): void;
}

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...values: unknown[]) => Promise<Scope>;

/**
 * Run the code of a cell as the body of an async function, and return the scope for the next one: imports, and whatever
 * a line of its own declares at its start.
 *
 * @throws What the code throws, and a SyntaxError where it cannot be read.
 */
export async function runCell(code: string, scope: Scope, {load, show}: Environment): Promise<Scope> {
  const body = withoutImports(code);
  const declared = declaredIn(body);
  const given = Object.keys(scope).filter(name => !declared.includes(name));
  const run = new AsyncFunction('load', 'show', ...given, `${body}\nreturn {${[...given, ...declared].join(', ')}};`);
  return run(load, show, ...given.map(name => scope[name]));
}

/** The code with its imports, which a function cannot have, as calls of `load`. */
function withoutImports(code: string): string {
  return code.replace(/^import\s+([^'"]+?)\s+from\s+['"]([^'"]+)['"];?/gm, (_, names: string, from: string) => {
    const pattern = /^\* as (\w+)$/.exec(names)?.[1] ?? (names.startsWith('{') ? names : `{default: ${names}}`);
    return `const ${pattern.replace(/\bas\b/g, ':')} = await load(${JSON.stringify(from)});`;
  });
}

/** Names that are declared at the start of a line. */
function declaredIn(code: string): string[] {
  const variables = /^(?:const|let|var)\s+(\{[^=]*?\}|\[[^=]*?\]|[\w$]+)\s*=/gm;
  const others = /^(?:async\s+)?(?:function\*?|class)\s+([\w$]+)/gm;
  return [
    ...[...code.matchAll(variables)].flatMap(([, pattern]) => namesOf(pattern)),
    ...[...code.matchAll(others)].map(([, name]) => name),
  ];
}

/** The names that a pattern such as `{a, b: c}` declares: those before a comma or the end. */
function namesOf(pattern: string): string[] {
  return [...`${pattern},`.matchAll(/([A-Za-z_$][\w$]*)\s*(?=[,}\]])/g)].map(([, name]) => name);
}
