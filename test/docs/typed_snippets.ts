import {documents, read, snippetsOf} from './markdown';
import type {SnippetDocument} from './modules';

/**
 * The module of test/docs/given that the snippets of a document take as given; it may `prepare` the current folder.
 */
export const givenBy: {[document: string]: string} = {
  'README.md': 'training',
  'docs/checkpoints.md': 'checkpoints',
  'docs/cluster.md': 'cluster',
  'docs/data.md': 'data',
  'docs/exports.md': 'exports',
  'docs/guide.md': 'guide',
  'docs/models.md': 'training',
  'docs/recipe.md': 'guide',
  'docs/report.md': 'report',
  'docs/tutorial.md': 'tutorial',
  'docs/update.md': 'update',
};
/** Documents with snippets in TypeScript. */
export const typed = documents.filter(document => snippetsOf(read(document)).some(({language}) => language === 'ts'));

/** The TypeScript snippets of a document, and what they take as given. */
export const typedSnippets = (document: string): SnippetDocument => ({
  document,
  snippets: snippetsOf(read(document)).filter(({language}) => language === 'ts'),
  given: `./given/${givenBy[document]}`,
});
