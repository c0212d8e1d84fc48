import path from 'node:path';
import {commands} from '../../src/cli/commands/index';
import {configKeys, settings} from '../../src/cli/settings';
import {flagOf, parseSetting, Setting} from '../../src/cli/setting';
import {cli, cliProcess} from '../helpers/cli';
import {fileWriter, sharedFolder} from '../helpers/folders';

const folder = sharedFolder();
const file = fileWriter(folder);

it('shows control characters of names, and does not send them to the terminal', async () => {
  const lines = ['clicked,\x1b[2Jhour,\x9bsite', ...Array.from({length: 40}, (_, i) => `${i % 2},${i % 5},s${i % 3}`)];
  const csv = file('escapes.csv', lines.join('\n'));
  const said = await cli('encode', csv, '--label', 'clicked', '--write-schema', path.join(folder, 'escapes.json'));
  expect(said.code).toBe(0);
  expect(said.stdout + said.stderr).toContain('\\u001b[2Jhour');
  expect(said.stdout + said.stderr).not.toMatch(/[\x1b\x9b]/);
});

describe('help', () => {
  it('lists the commands, with examples and exit codes', async () => {
    const {code, stdout, stderr} = await cli('--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const {name} of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout).toContain(
      'Exit codes: 0 done, 1 failed, 2 wrong command line or config, 130 stopped by Ctrl-C, 143 by SIGTERM.',
    );
  });

  it.each(commands.map(spec => [spec.name, spec] as const))(
    'of %s has its flags and examples that parse',
    async (name, spec) => {
      const {code, stdout} = await cli(name, '--help', 'all');
      expect(code).toBe(0);
      for (const key of spec.settings) expect(stdout).toContain(flagOf(key));
      expect(await cli('help', name, 'all')).toEqual({code, stdout, stderr: ''});
      // One screen has the common ones, and says how to list the others.
      const short = (await cli(name, '--help')).stdout;
      expect(short.split('\n').length).toBeLessThanOrEqual(42);
      const hidden = [...spec.settings, 'config', 'quiet'].filter(
        key => !new RegExp(`^  ${flagOf(key)}\\b`, 'm').test(short),
      );
      expect(short.includes(`\`${name} --help all\` lists ${hidden.length} more.`)).toBe(hidden.length > 0);
      // Examples are to be copied whole; all else is wrapped.
      expect(stdout.split('\n').filter(line => line.length > 80 && !line.startsWith('  $'))).toEqual([]);
      expect(spec.examples.length).toBeGreaterThan(0);
      for (const example of spec.examples) {
        expect(stdout).toContain(`$ tfjs-autofis ${example}`);
        const [command, ...args] = example.split(' ');
        expect(command).toBe(name);
        // With --help at its end nothing runs, but unknown flags are errors.
        expect((await cli(command, ...args, '--help')).code).toBe(0);
      }
    },
  );
});

it("help of a command has that command's defaults", async () => {
  const helpOf = async (command: string) => (await cli(command, '--help', 'all')).stdout.replace(/\s+/g, ' ');
  expect(await helpOf('predict')).toMatch(/--out <place> [^(]*\(default: stdout\)/);
  expect(await helpOf('run')).toMatch(/--epochs <n> [^(]*\(default: by the number of rows\)/);
  expect(await helpOf('update')).toMatch(/--epochs <n> [^(]*\(default: 2\)/);
});

it('Help of evaluate names every model that is scored', async () => {
  const {stdout} = await cli('evaluate', '--help');
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toContain(
    'the chosen one, all interactions and logistic regression; after --method paper, they are the retrained one and',
  );
});

/** What stands below the error of a command that was named. */
const HINT = '`tfjs-autofis help doctor` lists what it takes.\n';

describe('a mistake in the command line ends with code 2 and says', () => {
  it.each<[string, string[], string]>([
    ['no command', [], ''],
    [
      'an unknown command',
      ['docter'],
      "error: unknown command 'docter'\n(Did you mean doctor?)\n`tfjs-autofis --help` lists the commands.\n",
    ],
    [
      'an unknown flag',
      ['doctor', '--bakend', 'cpu'],
      `error: unknown option '--bakend'\n(Did you mean --backend?)\n${HINT}`,
    ],
    [
      'a flag of other commands',
      ['run', 'x.csv', '--force'],
      'error: run has no --force, which belongs to update.\n`tfjs-autofis help run` lists what it takes.\n',
    ],
    [
      'a value for a switch',
      ['run', '--resume=true'],
      'error: --resume takes no value. Give it alone.\n`tfjs-autofis help run` lists what it takes.\n',
    ],
    [
      'a column with two readings',
      ['encode', 'x.csv', '--as', 'a=number,a=category'],
      'error: --as must have each name once. Received: a=number,a=category.\n',
    ],
    [
      'the model of components',
      ['select', '--model', 'autoFm'],
      'error: --model is for --method paper. Received: --method components.\n',
    ],
    ['help of an unknown command', ['help', 'docter'], "error: unknown command 'docter'. Did you mean doctor?\n"],
    [
      'the only word that a flag takes',
      ['encode', 'x.csv', '--split', 'random'],
      'error: --split must be time. Received: random.\n',
    ],
    ['a flag without its value', ['doctor', '--backend'], `error: option '--backend <name>' argument missing\n${HINT}`],
    [
      'a value that is none of a few',
      ['doctor', '--backend', 'abacus'],
      'error: --backend must be one of tfjs-node-gpu, tfjs-node, wasm, cpu. Received: abacus.\n',
    ],
    [
      'a place for the report of a folder, which has its own',
      ['report', '--folder', 'runs/a', '--out', 'b'],
      'error: --out belongs to a given run.json; the report of a folder is FOLDER/report. Omit --out, or give ' +
        'the run as well: `tfjs-autofis report FOLDER/report/run.json --out b`.\n',
    ],
    [
      'an argument too many',
      ['doctor', 'me'],
      `error: too many arguments for 'doctor'. Expected 0 arguments but got 1.\n${HINT}`,
    ],
    [
      'more files than one',
      ['evaluate', 'a.csv', 'b.csv'],
      "error: too many arguments for 'evaluate'. Expected 1 argument but got 2. Give several files as one pattern in " +
        "quotes with a * or ?, such as 'clicks-*.csv'.\n`tfjs-autofis help evaluate` lists what it takes.\n",
    ],
    [
      'a config file that is not there',
      ['doctor', '--config', '/nowhere/autofis.yaml'],
      'error: --config: /nowhere/autofis.yaml does not exist.\n',
    ],
  ])('%s', async (_, args, message) => {
    const {code, stdout, stderr} = await cli(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    if (message !== '') expect(stderr).toBe(message);
  });
});

describe('a config file', () => {
  it.each<[string, string, string]>([
    ['an unknown setting', 'batchsize: 5', 'error: FILE: unknown setting `batchsize`. Did you mean batchSize?\n'],
    ['a wrong value', 'batchSize: 0.5', 'error: FILE: `batchSize` must be an integer >= 1. Received: 0.5.\n'],
    ['a list where one value belongs', 'label: [a, b]', 'error: FILE: `label` must be a text. Received: ["a","b"].\n'],
    ['a flag', 'resume: true', 'error: FILE: `resume` is a flag alone. Give --resume, and remove it from the file.\n'],
    ['no settings', '- 3', 'error: FILE must hold settings, such as `label: clicked`.\n'],
  ])('is refused for %s', async (_, content, message) => {
    const {code, stderr} = await cli('doctor', '--config', file('wrong.yaml', content));
    expect(code).toBe(2);
    expect(stderr.replaceAll(path.join(folder, 'wrong.yaml'), 'FILE')).toBe(message);
  });

  it('gives a command its own settings, and no others', async () => {
    const given = jest
      .spyOn(
        commands.find(({name}) => name === 'select')!,
        'run',
      )
      .mockResolvedValue(0);
    expect((await cli('select', '--config', file('own.yaml', 'period: day\nseed: 3\nlabel: y\n'))).code).toBe(0);
    expect(given.mock.calls[0][0].values).toEqual({config: path.join(folder, 'own.yaml'), seed: 3});
    given.mockRestore();
  });

  it('is refused when it is not YAML, with the place', async () => {
    const {code, stderr} = await cli('doctor', '--config', file('broken.yaml', 'label: "clicked'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*broken\.yaml is not YAML: .* at line 1, column 16/);
  });

  it('is refused when it is not JSON', async () => {
    const {stderr} = await cli('doctor', '--config', file('broken.json', '{"label": "clicked"'));
    expect(stderr).toMatch(/^error: .*broken\.json is not JSON: /);
  });

  it('may be JSON, and flags go before it', async () => {
    const config = file('autofis.json', '{"backend": "wasm", "seed": 3}');
    expect((await cli('doctor', '--backend', 'nothing', '--config', config)).stderr).toMatch(
      /^error: --backend must be one of/,
    );
    const {code, stdout} = await cli('doctor', '--json', '--backend', 'cpu', '--config', config);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({loads: true, training: null});
  });
});

describe('settings', () => {
  it('have keys that are flags, each with help', () => {
    for (const [key, setting] of Object.entries(settings)) {
      expect(flagOf(key)).toMatch(/^--[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(setting.help).not.toBe('');
    }
    expect(configKeys).toContain('batchSize');
  });

  it.each<[keyof typeof settings, unknown, unknown]>([
    ['batchSize', '500', 500],
    ['batchSize', 500, 500],
    ['share', '0.3', 0.3],
    ['columns', 'a, b', ['a', 'b']],
    ['columns', ['a'], ['a']],
    ['model', 'autoFm', 'autoFm'],
    ['resume', true, true],
    ['label', 7, '7'],
  ])('%s of %j is %j', (key, value, expected) => {
    expect(parseSetting(settings[key] as Setting, value, 'here')).toEqual(expected);
  });

  it.each<[keyof typeof settings, unknown, string]>([
    ['batchSize', '5e', 'here must be an integer >= 1. Received: 5e.'],
    ['batchSize', '', 'here must be an integer >= 1. Received: .'],
    ['share', '1', 'here must be a number >= 0 and < 1. Received: 1.'],
    ['learningRate', 0, 'here must be a number > 0. Received: 0.'],
    ['columns', 'a,', 'here must be names separated by commas. Received: a,.'],
    ['resume', 'yes', 'here must be true or false. Received: yes.'],
    ['label', '', 'here must be a text. Received: .'],
  ])('%s of %j is refused', (key, value, message) => {
    expect(() => parseSetting(settings[key] as Setting, value, 'here')).toThrow(new Error(message));
  });
});

it('A process ends with the exit code, with errors on stderr and the result on stdout', async () => {
  expect(await cliProcess(['doctor', '--backend', 'x'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: --backend must be one of tfjs-node-gpu, tfjs-node, wasm, cpu. Received: x.\n',
  });
  const {code, stdout} = await cliProcess(['--version']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
});
