import path from 'node:path';
import ts from 'typescript';

/** The files that each file imports or re-exports, types included; paths are relative to the repository's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The graph of the imports among sources, by path. Imports of packages and of other files are left out. */
export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  return new Map(
    [...sources].map(([file, text]) => {
      const {importedFiles} = ts.preProcessFile(text);
      const targets = importedFiles
        .filter(({fileName}) => fileName.startsWith('.'))
        .map(({fileName}) => path.posix.join(path.posix.dirname(file), fileName))
        .flatMap(target =>
          [`${target}.ts`, `${target}/index.ts`, target].filter(name => sources.has(name)).slice(0, 1),
        );
      return [file, targets];
    }),
  );
}

/** The line of `order` that a file stands on: that of its own path, or of the innermost folder with a place. */
export function placeOf(file: string, order: readonly string[][]): number {
  for (let at = file; at !== '.'; at = path.posix.dirname(at)) {
    const place = order.findIndex(line => line.includes(at));
    if (place >= 0) return place;
  }
  return -1;
}

/** Imports of a file from a later line of `order` than its own, as "from -> to"; a file without a place is one, too. */
export function upwardImports(graph: ImportGraph, order: readonly string[][]): string[] {
  return [...graph].flatMap(([file, targets]) => {
    const place = placeOf(file, order);
    if (place < 0) return [`${file} has no place`];
    return targets.filter(target => placeOf(target, order) > place).map(target => `${file} -> ${target}`);
  });
}

/** A circle of imports, from a file back to itself; null where there is none. */
export function importCircle(graph: ImportGraph): string[] | null {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const target of graph.get(file) ?? []) {
      const circle = walk(target, [...way, file]);
      if (circle !== null) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = walk(file, []);
    if (circle !== null) return circle;
  }
  return null;
}
