import path from 'node:path';
import {mkdirSync, realpathSync, writeFileSync} from 'node:fs';
import {type Finding, optionalPackages, tfjsCopies} from '../../src/cli/doctor/packages';
import {findingOf} from '../../src/cli/doctor/probe';
import {cliProcess} from '../helpers/cli';
import {emptyFolder} from '../helpers/folders';

it('doctor finds backends that load and train, and ends with 0', async () => {
  const {code, stdout} = await cliProcess(['doctor', '--json', '--quiet']);
  const {healthy, findings} = JSON.parse(stdout) as {healthy: boolean; findings: Finding[]};
  expect(code).toBe(0);
  expect(healthy).toBe(true);
  expect(findings.map(({name}) => name)).toEqual([
    'Node',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
    'tfjs-node-gpu',
    'tfjs-node',
    'wasm',
    'cpu',
    'GPU',
    '@duckdb/node-api',
    'apache-arrow',
    'echarts',
    '@resvg/resvg-js',
  ]);
  expect(findings.find(({name}) => name === 'wasm')).toEqual({
    name: 'wasm',
    state: 'good',
    detail: expect.stringMatching(/^WebAssembly.*; a small search step takes [\d.]+ ms$/),
  });
});

describe('a finding', () => {
  const loads = {
    loads: true,
    reason: 'native TensorFlow (tfjs-node) 2.21.0 on the CPU; as asked for.',
    training: null,
    stepMs: 2,
    ownOps: true,
  };
  const fails = (reason: string) => ({
    loads: false,
    reason:
      `useBackend: the backend is not available. tfjs-node: ${reason}. Call it without ` +
      'a name to take the fastest backend that is available.',
    ownOps: false,
    training: null,
    stepMs: null,
  });

  it.each<[string, Finding, Finding]>([
    [
      'of a good backend',
      findingOf('tfjs-node', loads),
      {
        name: 'tfjs-node',
        state: 'good',
        detail:
          'native TensorFlow (tfjs-node) 2.21.0 on the CPU, with ops of this library; a small search step takes 2.0 ms',
      },
    ],
    [
      'without our ops',
      findingOf('tfjs-node', {...loads, ownOps: false}),
      {
        name: 'tfjs-node',
        state: 'good',
        detail:
          'native TensorFlow (tfjs-node) 2.21.0 on the CPU, without ops of this library (npx tfjs-autofis setup ' +
          'builds them); ' +
          'a small search step takes 2.0 ms',
      },
    ],
    [
      'of one that lacks a kernel',
      findingOf('wasm', {...loads, training: 'Kernel X not registered'}),
      {
        name: 'wasm',
        state: 'broken',
        detail: 'loads, but cannot train: Kernel X not registered',
        cure: 'Update this package, or use another backend.',
      },
    ],
    [
      'of one that is not installed',
      findingOf('tfjs-node', fails('@tensorflow/tfjs-node is not installed')),
      {
        name: 'tfjs-node',
        state: 'missing',
        detail: '@tensorflow/tfjs-node is not installed',
        cure: 'npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0',
      },
    ],
    [
      'of an addon that does not load',
      findingOf('tfjs-node-gpu', fails('its native addon does not load')),
      {
        name: 'tfjs-node-gpu',
        state: 'missing',
        detail: 'its native addon does not load',
        cure: 'npx tfjs-autofis setup --gpu',
      },
    ],
  ])('%s', (_, finding, expected) => expect(finding).toEqual(expected));
});

describe('packages', () => {
  const project = realpathSync(emptyFolder());

  function install(name: string, version: string, under = ''): void {
    const folder = path.join(project, under, 'node_modules', name);
    mkdirSync(folder, {recursive: true});
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({name, version}));
  }

  it('of which there are two copies are reported, with the cure', () => {
    install('@tensorflow/tfjs-core', '4.20.0');
    const [core, layers] = tfjsCopies(project);
    expect(core).toEqual({
      name: '@tensorflow/tfjs-core',
      state: 'broken',
      detail: expect.stringMatching(
        new RegExp(`^2 copies: 4\\.20\\.0 in ${project}/node_modules/@tensorflow/tfjs-core, 4\\.22\\.0 in `),
      ),
      cure: 'Give all @tensorflow packages one version in package.json, then run npm dedupe.',
    });
    expect(layers).toMatchObject({state: 'good'});
  });

  it('that a project has of its own are seen', () => {
    install('apache-arrow', '9.9.9');
    expect(optionalPackages(project).find(({name}) => name === 'apache-arrow')).toEqual({
      name: 'apache-arrow',
      state: 'good',
      detail: '9.9.9, for encoded rows on disk',
    });
  });
});
