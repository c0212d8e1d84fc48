import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {buildIfStale} from '../helpers/built';
import {writeShards} from '../helpers/shards';

/** A user's project: an empty folder with the packed library and its peers, installed by npm. */
const root = path.resolve(__dirname, '../..');
/** With a native backend the page imports tfjs-node itself. */
const backend = fs.existsSync(path.join(root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'))
  ? 'direct'
  : 'wasm';
let folder: string;
let project: string;
let tarball: string;

async function execute(command: string, args: string[], cwd: string): Promise<string> {
  try {
    const shell = process.platform === 'win32' && !path.isAbsolute(command);
    return (await promisify(execFile)(command, args, {cwd, shell, maxBuffer: 1e8})).stdout;
  } catch (error) {
    const {message, stdout} = error as {message: string; stdout: string};
    throw new Error(`${message}\n${stdout}`);
  }
}

const npm = (args: string[], cwd: string) => execute('npm', args, cwd);
const node = (args: string[], cwd = project) => execute(process.execPath, args, cwd);

const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');

/** Arguments of the `npm install` of README for a user's model on a CPU, with the packed library. */
function readmeInstall(): string[] {
  const [, args] = /## In your own model\n[^]*?```sh\nnpm (install .*) && npx tfjs-autofis setup\n/.exec(readme)!;
  return args.split(' ').map(arg => (arg === 'tfjs-autofis' ? tarball : arg));
}

beforeAll(async () => {
  await buildIfStale();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-package-'));
  project = path.join(folder, 'project');
  fs.cpSync(path.join(__dirname, 'consumer'), project, {recursive: true});
  await npm(['run', '--silent', 'sbom'], root);
  const [{filename}] = JSON.parse(
    await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root),
  ) as [{filename: string}];
  tarball = path.join(folder, filename);
  fs.writeFileSync(path.join(project, 'package.json'), '{"private": true}');
  const wasm = backend === 'wasm' ? ['@tensorflow/tfjs-backend-wasm@4.22.0'] : [];
  await npm([...readmeInstall(), '--no-audit', '--no-fund', '--prefer-offline', ...wasm], project);
  if (backend === 'direct') await node(['node_modules/tfjs-autofis/scripts/native.mjs']);
});

afterAll(() => fs.rmSync(folder, {recursive: true, force: true}));

describe('the packed library', () => {
  it('holds the build, the script for the native backend and nothing of the sources', () => {
    const installed = path.join(project, 'node_modules/tfjs-autofis');
    expect(fs.readdirSync(path.join(installed, 'scripts')).sort()).toEqual([
      'native.mjs',
      'native_build.mjs',
      'native_cache.mjs',
      'native_gpu.mjs',
      'native_wheels.json',
      'processes.mjs',
    ]);
    const top = fs.readdirSync(installed).filter(name => !name.endsWith('.md'));
    expect(top.sort()).toEqual(['LICENSE', 'dist', 'docs', 'examples', 'package.json', 'python', 'scripts', 'src']);
    expect(fs.readdirSync(path.join(installed, 'examples'))).toEqual(['keras_style.mjs']);
    // What pip installs for Keras.
    expect(fs.readdirSync(path.join(installed, 'python')).sort()).toEqual(['pyproject.toml', 'tfjs_autofis']);
    expect(fs.readdirSync(path.join(installed, 'python/tfjs_autofis')).filter(name => !name.endsWith('.py'))).toEqual([
      'rules.json',
    ]);
    // What the script compiles into the addon.
    expect(fs.readdirSync(path.join(installed, 'src')).sort()).toEqual(['cli', 'native']);
    expect(fs.readdirSync(path.join(installed, 'src/native'))).toEqual(['kernels']);
  });

  it('has a bill of materials with its dependencies', () => {
    const installed = path.join(project, 'node_modules/tfjs-autofis');
    const read = (name: string) => JSON.parse(fs.readFileSync(path.join(installed, name), 'utf8')) as unknown;
    const {bomFormat, components} = read('dist/sbom.json') as {
      bomFormat: string;
      components: Array<{name: string; version: string; hashes: unknown[]}>;
    };
    const {dependencies} = read('package.json') as {dependencies: {[name: string]: string}};
    const listed = components.filter(({name}) => name in dependencies).map(({name, version}) => [name, version]);
    expect([bomFormat, Object.fromEntries(listed)]).toEqual(['CycloneDX', dependencies]);
    expect(components.every(({hashes}) => hashes.length > 0)).toBe(true);
  });

  it('runs the model of README, installed as README says', async () => {
    const [, snippet, shown] = /```ts\n([^]*?)```\n\n```\n([^]*?)```/.exec(readme)!;
    fs.writeFileSync(path.join(project, 'model.mjs'), snippet);
    expect(await node(['model.mjs'])).toBe(shown);
  });

  it('writes a selection, reads shards in a thread and looks for a bundle', async () => {
    const shards = path.join(folder, 'shards');
    writeShards(shards, {
      train: {
        fields: [{name: 'a', size: 9}],
        ids: Int32Array.of(3, 1, 4, 1, 5),
        labels: Float32Array.of(0, 1, 0, 1, 1),
      },
    });
    fs.writeFileSync(
      path.join(project, 'entries.mjs'),
      `import {readSelection, writeSelection} from 'tfjs-autofis/export';
      import {openShards} from 'tfjs-autofis/data';
      import {loadBundle} from 'tfjs-autofis/bundle';
      import * as all from 'tfjs-autofis';
      import * as layers from 'tfjs-autofis/layers';
      import * as optimizers from 'tfjs-autofis/optimizers';
      const parts = {...layers, ...optimizers};
      const kept = [{fields: ['a', 'b'], alpha: 0.5, rank: 1, order: 2, interaction: [0, 1], gate: 0}];
      const message = error => error.message;
      const idsOf = async shards => { const ids = []; for await (const batch of shards.batches({batchSize: 2})) ids.push([...batch.ids]); return ids; };
      Promise.all([writeSelection('kept.csv', kept).then(() => readSelection('kept.csv')), openShards(process.argv[2]).then(idsOf).catch(message),
          loadBundle('none').catch(message)]).then(([selection, shards, bundle]) => console.log(JSON.stringify({selection, shards, bundle,
          same: Object.keys(parts).filter(name => /^[A-Z]/.test(name)).map(name => [name, all[name] === parts[name]])})));`,
    );
    const found = async () =>
      JSON.parse(await node(['entries.mjs', shards])) as {
        selection: object[];
        shards: string | number[][];
        bundle: string;
        same: Array<[name: string, isSame: boolean]>;
      };
    const peer = path.join(project, 'node_modules/apache-arrow');
    fs.rmSync(peer, {force: true});
    expect((await found()).shards).toBe(
      'openShards: the package apache-arrow is not installed. Install it: npm install apache-arrow',
    );
    fs.symlinkSync(path.join(root, 'node_modules/apache-arrow'), peer, 'junction');
    const {selection, bundle, same, ...others} = await found();
    expect(others).toEqual({shards: [[3, 1], [4, 1], [5]]});
    expect(selection).toEqual([{fields: ['a', 'b'], alpha: 0.5, rank: 1, order: 2, interaction: [0, 1], gate: 0}]);
    expect(bundle).toMatch(/project.none has no bundle.json/);
    // One class of each name, whichever entry it comes from.
    expect(same.map(([name]) => name)).toEqual(expect.arrayContaining(['FieldEmbedding', 'GatedInteraction', 'GRDA']));
    expect(same.filter(([, isSame]) => !isSame)).toEqual([]);
  });

  it('brings the command line', async () => {
    expect(await execute('npx', ['--no-install', 'tfjs-autofis', '--version'], project)).toMatch(/^\d+\.\d+\.\d+\n$/);
    // What npx has just started, without npx's own second.
    const command = path.join(project, 'node_modules/tfjs-autofis/dist/cli.js');
    const found = await node([command, 'doctor', '--backend', backend === 'wasm' ? 'wasm' : 'tfjs-node', '--json']);
    expect(JSON.parse(found)).toMatchObject({loads: true, training: null});
    // Where there is no addon there are no wheels to build it from.
    const setup = await node([command, 'setup', '--wheels', 'none', '--json']).catch((error: Error) =>
      error.message.slice(error.message.indexOf('{')),
    );
    expect(JSON.parse(setup)).toMatchObject(
      backend === 'wasm'
        ? {status: 'unavailable', reason: expect.stringMatching(/is not installed|from \S+ failed|has no pip|only/)}
        : {status: 'present', reason: '@tensorflow/tfjs-node 4.22.0 loads'},
    );
  });

  it('takes the peers that it was tested with: a range takes no prerelease, of which DuckDB has nothing else', () => {
    const {peerDependencies, devDependencies} = JSON.parse(
      fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
    ) as {[kind: string]: {[name: string]: string}};
    const refused = Object.entries(peerDependencies).filter(([name, range]) => {
      const version = devDependencies[name];
      const major = /^\^(\d+)\./.exec(range)?.[1];
      return range !== '*' && (version.includes('-') || version.split('.')[0] !== major);
    });
    expect(refused).toEqual([]);
  });

  it.each(['README.md', 'CHANGELOG.md'])('has all that %s links to', document => {
    const installed = path.join(project, 'node_modules/tfjs-autofis');
    const targets = [...fs.readFileSync(path.join(installed, document), 'utf8').matchAll(/\]\(([^)\s#]+)/g)]
      .map(([, target]) => target)
      .filter(target => !/^[a-z]+:/.test(target));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter(target => !fs.existsSync(path.join(installed, target)))).toEqual([]);
  });

  it('holds no code of others but what THIRD_PARTY.md lists', () => {
    const dist = path.join(project, 'node_modules/tfjs-autofis/dist');
    const read = (name: string) => fs.readFileSync(path.join(dist, name), 'utf8');
    const files = fs.readdirSync(dist, {recursive: true, encoding: 'utf8'});
    const named = files
      .filter(name => /\.m?js$/.test(name))
      .flatMap(name => [...read(name).matchAll(/\/\/ node_modules\/(\S+)/g)].map(([, module]) => module));
    const mapped = files
      .filter(name => name.endsWith('.map'))
      .flatMap(name => (JSON.parse(read(name)) as {sources: string[]}).sources)
      .filter(source => source.includes('node_modules/'));
    expect(new Set(named)).toEqual(new Set(['tsup/assets/cjs_shims.js']));
    expect(mapped.filter(source => !source.includes('node_modules/@noble/hashes/'))).toEqual([]);
    const listed = fs.readFileSync(path.join(root, 'THIRD_PARTY.md'), 'utf8');
    expect(listed).toContain('`assets/cjs_shims.js`');
    expect(listed).toContain('@noble/hashes 1.8.0');
  });

  it('has types that are right for every way of importing it, by attw', async () => {
    // In a process of its own, as publint.
    const script = `import('@arethetypeswrong/core').then(async ({checkPackage, createPackageFromTarballData}) => {
      const bytes = require('node:fs').readFileSync(process.argv[1]);
      const {problems, entrypoints} = await checkPackage(createPackageFromTarballData(bytes));
      console.log(JSON.stringify({problems, entries: Object.keys(entrypoints)}));
    })`;
    const {problems, entries} = JSON.parse(await node(['-e', script, tarball], root)) as {
      problems: unknown[];
      entries: string[];
    };
    expect(entries).toEqual(expect.arrayContaining(['.', './layers', './schema', './report', './bundle']));
    expect(problems).toEqual([]);
  });

  it('passes publint', async () => {
    // In a process of its own: it checks for typed arrays, which jest replaces.
    const script =
      "import('publint').then(async ({publint}) => console.log(JSON.stringify((await publint({pkgDir: " +
      'process.argv[1], ' +
      "pack: false, strict: true})).messages.filter(({code}) => code !== 'USE_SIDE_EFFECTS'))))";
    expect(JSON.parse(await node(['-e', script, path.join(project, 'node_modules/tfjs-autofis')], root))).toEqual([]);
  });

  it("runs the first page as an ES module; CommonJS with only `require('tfjs-autofis')` loads the model", async () => {
    const url = pathToFileURL(path.join(folder, 'model')).href;
    const trained = JSON.parse(await node(['train.mjs', backend, url])) as {
      fields: string[][];
      predictions: number[];
    };
    const loaded = JSON.parse(await node(['load.cjs', backend, url])) as {predictions: number[]};
    expect(trained.fields[0]).toHaveLength(2);
    expect(trained.predictions).toHaveLength(256);
    expect(new Set(trained.predictions).size).toBeGreaterThan(10);
    expect(loaded.predictions).toEqual(trained.predictions);
  });

  it.each([
    ['an ES module', 'mts', 'node16'],
    ['a CommonJS module of old resolution', 'ts', 'node10'],
  ])('has types for %s', async (_, extension, moduleResolution) => {
    const name = `types.${extension}`;
    fs.copyFileSync(path.join(project, 'types.txt'), path.join(project, name));
    const module = moduleResolution === 'node10' ? 'commonjs' : moduleResolution;
    const language = {target: 'es2020', lib: ['es2020', 'dom'], types: [], strict: true, skipLibCheck: true};
    const compilerOptions = {module, moduleResolution, ...language, noEmit: true};
    fs.writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({compilerOptions, files: [name]}));
    expect(await node([path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project])).toBe('');
  });
});

describe('a bundle for browsers', () => {
  /** The bundle of a module of the project, the peers left out, and all that it imports. */
  async function bundle(contents: string): Promise<{code: string; imports: string[]}> {
    const {outputFiles, metafile} = await build({
      stdin: {contents, resolveDir: project},
      bundle: true,
      format: 'esm',
      platform: 'browser',
      treeShaking: true,
      external: ['@tensorflow/*'],
      write: false,
      metafile: true,
    });
    return {
      code: outputFiles[0].text,
      imports: Object.values(metafile.outputs).flatMap(output => output.imports.map(each => each.path)),
    };
  }

  it('of a bare import keeps the registration of every class', async () => {
    const {code} = await bundle("import 'tfjs-autofis';");
    for (const name of [
      'FieldEmbedding',
      'FieldLinear',
      'FixedBNInteraction',
      'GatedInteraction',
      'GRDA',
      'Partitioned',
    ]) {
      expect(code).toMatch(new RegExp(`registerClass\\(${name}\\)`));
    }
    expect(code).toMatch(/^registerAutofis\(\);$/m);
  });

  it.each([
    'tfjs-autofis',
    'tfjs-autofis/layers',
    'tfjs-autofis/models',
    'tfjs-autofis/optimizers',
    'tfjs-autofis/bundle',
    'tfjs-autofis/runtime',
    'tfjs-autofis/schema',
    'tfjs-autofis/report',
  ])('of %s needs nothing of Node', async entry => {
    const {code, imports} = await bundle(`export * from '${entry}';`);
    expect(new Set(imports)).toEqual(new Set(imports.filter(name => /^@tensorflow\/tfjs-(core|layers)$/.test(name))));
    // Where there is Node, and only there, the library restores what tfjs-node needs of it.
    const elsewhere = code.replace(/\w+\.process\?\.getBuiltinModule\?\.\("util"\)/, '');
    expect(elsewhere).not.toMatch(/\bnode:|(?<!\.)\bprocess\.|\brequire\b|\bBuffer\b|__dirname/);
  });
});
