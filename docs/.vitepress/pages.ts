/** A page of the site: its title in the sidebar, and its file from the root of the repository. */
export interface Page {
  title: string;
  file: string;
}

/** The sidebar: every document of the repository, by what a reader wants. */
export const pages: ReadonlyArray<{group: string; pages: readonly Page[]}> = [
  {
    group: 'Start',
    pages: [
      {title: 'Overview', file: 'README.md'},
      {title: 'Tutorial', file: 'docs/tutorial.md'},
      {title: 'Guide', file: 'docs/guide.md'},
      {title: 'Command line', file: 'docs/cli.md'},
      {title: 'Reports', file: 'docs/report.md'},
      {title: 'The flights demo', file: 'docs/demo.md'},
    ],
  },
  {
    group: 'Build',
    pages: [
      {title: 'Data', file: 'docs/data.md'},
      {title: 'Data and training on a cluster', file: 'docs/cluster.md'},
      {title: 'Models', file: 'docs/models.md'},
      {title: 'Checkpoints', file: 'docs/checkpoints.md'},
      {title: 'Exports', file: 'docs/exports.md'},
      {title: 'Serving', file: 'docs/serving.md'},
      {title: 'Everyday retraining', file: 'docs/update.md'},
      {title: 'Browsers', file: 'docs/browser.md'},
    ],
  },
  {
    group: 'Understand',
    pages: [
      {title: 'The API of 1.0', file: 'docs/api-1.0.md'},
      {title: 'The recipe', file: 'docs/recipe.md'},
      {title: 'The paper', file: 'docs/paper.md'},
      {title: 'Performance', file: 'docs/performance.md'},
      {title: 'Decisions', file: 'docs/decisions.md'},
    ],
  },
  {
    group: 'Results',
    pages: [
      {title: 'All results', file: 'docs/results.md'},
      {title: 'The recipe', file: 'docs/results/recipe.md'},
      {title: 'Unseen tables', file: 'docs/results/unseen.md'},
      {title: 'Pure noise', file: 'docs/results/noise.md'},
      {title: 'Do the words hold?', file: 'docs/results/coverage.md'},
      {title: 'Updates', file: 'docs/results/updates.md'},
      {title: 'Table 1', file: 'docs/results/table1.md'},
      {title: 'Three million flights', file: 'docs/results/large.md'},
      {title: 'Inference and training time', file: 'docs/results/timings.md'},
      {title: 'Trees', file: 'docs/results/trees.md'},
      {title: 'Before and after a search', file: 'docs/results/before-after.md'},
      {title: 'RQ3', file: 'docs/results/rq3.md'},
      {title: 'Stability of alpha', file: 'docs/results/stability.md'},
      {title: 'One level or two', file: 'docs/results/onelevel.md'},
      {title: 'Transfer', file: 'docs/results/transfer.md'},
      {title: 'Synthetic data', file: 'docs/results/synthetic.md'},
      {title: 'Gates in a DIN', file: 'docs/results/din.md'},
      {title: 'Benchmarks', file: 'docs/benchmarks.md'},
      {title: 'Benchmarks in a browser', file: 'docs/benchmarks.browser.md'},
      {title: 'Benchmarks of data', file: 'docs/benchmarks.data.md'},
      {title: 'Profile', file: 'docs/profile.md'},
      {title: 'Conformance', file: 'docs/conformance.md'},
    ],
  },
  {
    group: 'Project',
    pages: [
      {title: 'Contributing', file: 'CONTRIBUTING.md'},
      {title: 'Upgrading TensorFlow.js', file: 'docs/upgrade.md'},
      {title: 'Changelog', file: 'CHANGELOG.md'},
      {title: 'Code of others', file: 'THIRD_PARTY.md'},
    ],
  },
];

/**
 * The path of a document on the site, without its ending: README is the front page, the folder docs has no name there.
 */
export function sitePath(file: string): string {
  if (file === 'README.md') return '/';
  return `/${file
    .replace(/^docs\//, '')
    .replace(/\.md$/, '')
    .toLowerCase()}`;
}

/** The anchor of a heading, as GitHub makes it, so that a link works there and on the site. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
