/** The API reference: every public entry of the library as Markdown in runs/api, which the site reads. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {Converter, OptionDefaults, ReflectionKind} from 'typedoc';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const {paths} = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8')).compilerOptions;
/** The file of each entry, by the name that users import. */
const entries = Object.fromEntries(Object.entries(paths).map(([name, [file]]) => [path.join(root, file), name]));

/** Gives modules the names that users import them by, in place of their files'. */
function nameEntries(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
    reflection.name = entries[path.normalize(file ?? '')] ?? reflection.name;
  });
}

/** @type {Partial<import('typedoc').TypeDocOptions> & Record<string, unknown>} */
export default {
  name: 'API reference',
  entryPoints: Object.keys(entries),
  tsconfig: path.join(root, 'tsconfig.json'),
  out: path.join(root, 'runs/api'),
  readme: 'none',
  plugin: ['typedoc-plugin-markdown', nameEntries],
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  sanitizeComments: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  disableSources: true,
  blockTags: [...OptionDefaults.blockTags, '@nocollapse'],
  excludeTags: [...OptionDefaults.excludeTags, '@nocollapse'],
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  githubPages: false,
  validation: {invalidLink: true, notExported: false},
  treatWarningsAsErrors: true,
  logLevel: 'Warn',
};
