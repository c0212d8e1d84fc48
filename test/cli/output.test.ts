import {highlighted, takesColors} from '../../src/cli/output';
import {cli, cliProcess} from '../helpers/cli';

const KEYS = ['NO_COLOR', 'FORCE_COLOR', 'TERM', 'NODE_DISABLE_COLORS', 'CI', 'TEAMCITY_VERSION'] as const;
const before = Object.fromEntries(KEYS.map(key => [key, process.env[key]]));
const setAll = (values: {[key: string]: string | undefined}) => {
  for (const key of KEYS) {
    if (values[key] === undefined) delete process.env[key];
    else process.env[key] = values[key];
  }
};
afterEach(() => setAll(before));

it.each<[boolean, {[key: string]: string}, boolean]>([
  [true, {TERM: 'xterm'}, true],
  [true, {TERM: 'xterm', NO_COLOR: '1'}, false],
  [true, {TERM: 'dumb'}, false],
  [true, {TERM: 'xterm', FORCE_COLOR: '0'}, false],
  [false, {TERM: 'xterm'}, false],
  [false, {FORCE_COLOR: '1'}, true],
])('a stream with isTTY %j and %j takes colors: %j', (isTTY, env, expected) => {
  setAll(env);
  expect(takesColors({isTTY})).toBe(expected);
});

it('the verdict, heads and titles are bold, and warnings, errors and comparisons have colors', () => {
  const text =
    'verdict: The model is\n   better, +0.1.\nWarning: Few rows.\nmodel  AUC\n-----  ---\nLR     worse, -0.1\n' +
    'error: no\nInput:\n  --label\n';
  expect(highlighted(text).replaceAll('\x1b', '')).toBe(
    '[1mverdict: The model is\n   [32mbetter[39m, +0.1.[22m\n[33mWarning:[39m Few rows.\n[1mmodel  AUC[22m\n' +
      '-----  ---\nLR     [31mworse[39m, -0.1\n[31merror:[39m no\n[1mInput:[22m\n  --label\n',
  );
});

it('help has codes with FORCE_COLOR alone, and control characters of names never become codes', async () => {
  expect((await cliProcess(['run', '--help'])).stdout).not.toContain('\x1b');
  setAll({FORCE_COLOR: '1'});
  expect((await cliProcess(['run', '--help'])).stdout).toContain('\x1b[1mInput:\x1b[22m');
  expect((await cli('\x1b[2J')).stderr).toContain("\x1b[31merror:\x1b[39m unknown command '\\u001b[2J'");
});
