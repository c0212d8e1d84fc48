/** Starts the files of tests that take longest first, so that no worker is left alone with one of them at the end. */
const {default: Sequencer} = require('@jest/test-sequencer');

/**
 * Where tests take long, the longest first; jest itself knows the times of a run before, which a fresh clone lacks.
 */
const LONG = [
  'python',
  'package',
  'browser/page_run',
  'examples/models',
  'browser',
  'cli/paper',
  'docs/snippets',
  'stages/planted_pairs',
  'examples/serve_python',
  'cli/select',
  'process',
  'report',
  'checkpoints/checkpoints',
  'data/encode',
  'data/staging',
  'export/zoo',
  'cli',
  'models',
  'examples',
  'stages/search_outputs',
  'training/fit_model',
  'parity/models',
  'data',
  'export',
  'conformance',
  'benchmarks',
  'update',
].map(name => `/test/${name}`);

const rank = ({path}) => {
  const at = LONG.findIndex(name => path.includes(name));
  return at < 0 ? LONG.length : at;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return sorted.some(({duration}) => duration !== undefined) ? sorted : sorted.sort((a, b) => rank(a) - rank(b));
  }
};
