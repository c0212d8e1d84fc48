/** Starts the files of tests that take longest first, so that no worker is left alone with one of them at the end. */
const {default: Sequencer} = require('@jest/test-sequencer');

/**
 * Where tests take long, the longest first; jest itself knows the times of a run before, which a fresh clone lacks.
 */
const LONG = [
  'package',
  'python',
  'browser',
  'data/equal_values',
  'update',
  'select',
  'cli',
  'stages/search_outputs',
  'data',
  'models',
  'decision',
  'checkpoints',
  'export',
  'docs',
  'examples',
  'report',
  'training/fit_model',
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
