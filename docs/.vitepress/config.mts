/** The documentation site: `npm run docs:build` makes runs/site of README, docs/ and the API reference in runs/api. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {type DefaultTheme, defineConfig, type MarkdownOptions} from 'vitepress';
import {anchorOf, pages, sitePath} from './pages';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const {homepage} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {homepage: string};
const files = pages.flatMap(group => group.pages.map(({file}) => file));

/** Where each document stands on the site. */
const rewrites = Object.fromEntries([
  ...files.map(file => [file, file === 'README.md' ? 'index.md' : `${sitePath(file).slice(1)}.md`]),
  ['runs/api/:page*', 'api/:page*'],
]);

const api = path.join(root, 'runs/api');

/** The pages of a folder of the API reference, those of its folders folded. */
function apiItems(folder: string): DefaultTheme.SidebarItem[] {
  return readdirSync(path.join(api, folder), {withFileTypes: true}).flatMap((entry): DefaultTheme.SidebarItem[] => {
    const at = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return [{text: entry.name.replaceAll('-', ' '), collapsed: true, items: apiItems(at)}];
    return entry.name === 'index.md'
      ? []
      : [{text: entry.name.replace(/\.md$/, ''), link: `/api/${at.replace(/\.md$/, '')}`}];
  });
}

/** A sidebar for each folder of the API reference: all entries, and its contents. None before TypeDoc has run. */
function apiSidebars(): DefaultTheme.SidebarMulti {
  const main = 'tfjs-autofis';
  if (!existsSync(path.join(api, main))) return {};
  const folders = readdirSync(path.join(api, main), {withFileTypes: true}).filter(entry => entry.isDirectory());
  const isEntry = (name: string) => existsSync(path.join(api, main, name, 'index.md'));
  const entries: DefaultTheme.SidebarItem = {
    text: 'API reference',
    link: '/api/',
    items: [
      {text: main, link: `/api/${main}/`},
      ...folders.flatMap(({name}) => (isEntry(name) ? [{text: `${main}/${name}`, link: `/api/${main}/${name}/`}] : [])),
    ],
  };
  const sidebars = folders.map(({name}) => [
    `/api/${main}/${name}/`,
    [
      entries,
      {
        text: isEntry(name) ? `${main}/${name}` : `${main}: ${name.replaceAll('-', ' ')}`,
        items: apiItems(`${main}/${name}`),
      },
    ],
  ]);
  return {...(Object.fromEntries(sidebars) as DefaultTheme.SidebarMulti), '/api/': [entries]};
}

/** Points links between documents to their pages, and links to other files, such as sources, to the repository. */
const documentLinks: NonNullable<MarkdownOptions['config']> = markdown => {
  const render = markdown.renderer.rules.link_open!;
  markdown.renderer.rules.link_open = (tokens, i, options, env: {path: string; realPath?: string}, self) => {
    // The index of the search has the document's own path as `path`, pages have where it stands on the site.
    const source = env.realPath ?? env.path;
    const [target, anchor] = (tokens[i].attrGet('href') ?? '').split('#');
    if (target !== '' && !/^([a-z]+:|\/)/.test(target) && !source.startsWith(api)) {
      const file = path
        .relative(root, path.resolve(path.dirname(source), target))
        .split(path.sep)
        .join('/');
      if (!existsSync(path.join(root, file))) throw new Error(`${source} links to ${target}, which does not exist.`);
      if (file.endsWith('.md') && !files.includes(file))
        throw new Error(`${source} links to ${target}, which docs/.vitepress/pages.ts does not list.`);
      const to = files.includes(file) ? sitePath(file) : `${homepage}/blob/main/${file}`;
      tokens[i].attrSet('href', anchor === undefined ? to : `${to}#${anchor}`);
    }
    return render(tokens, i, options, env, self);
  };
};

export default defineConfig({
  title: 'tfjs-autofis',
  description: 'Finds the feature interactions that matter in click-through-rate models, with TensorFlow.js.',
  srcDir: '..',
  outDir: '../runs/site',
  cacheDir: '../runs/site-cache',
  srcExclude: ['{benchmarks,examples,python,scripts,src,test}/**', 'runs/!(api)/**', 'docs/.vitepress/**'],
  rewrites,
  markdown: {anchor: {slugify: anchorOf}, config: documentLinks},
  themeConfig: {
    search: {provider: 'local'},
    outline: {level: [2, 3]},
    nav: [
      {text: 'Guide', link: sitePath('docs/guide.md')},
      {text: 'Command line', link: sitePath('docs/cli.md')},
      {text: 'API', link: '/api/'},
      {text: 'Results', link: sitePath('docs/results.md')},
    ],
    sidebar: {
      ...apiSidebars(),
      '/': pages.map(({group, pages}) => ({
        text: group,
        items: pages.map(({title, file}) => ({text: title, link: sitePath(file)})),
      })),
    },
  },
});
