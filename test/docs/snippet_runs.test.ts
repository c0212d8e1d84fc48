import * as tf from '@tensorflow/tfjs-core';
import {emptyFolder} from '../helpers/folders';
import {tf as union} from './given/tf';
import {modulesOf, runModules} from './modules';
import {givenBy, typed, typedSnippets} from './typed_snippets';

type Given = {prepare?(): Promise<void>} & {[name: string]: unknown};

const given = (document: string) => jest.requireActual<Given>(`./given/${givenBy[document]}`);

const loaders: {[name: string]: () => unknown} = {
  'tfjs-autofis': () => jest.requireActual('tfjs-autofis'),
  'tfjs-autofis/bundle': () => jest.requireActual('tfjs-autofis/bundle'),
  'tfjs-autofis/checkpoints': () => jest.requireActual('tfjs-autofis/checkpoints'),
  'tfjs-autofis/data': () => jest.requireActual('tfjs-autofis/data'),
  'tfjs-autofis/export': () => jest.requireActual('tfjs-autofis/export'),
  'tfjs-autofis/models': () => jest.requireActual('tfjs-autofis/models'),
  'tfjs-autofis/report': () => jest.requireActual('tfjs-autofis/report'),
  'tfjs-autofis/runtime': () => jest.requireActual('tfjs-autofis/runtime'),
  'onnxruntime-node': () => jest.requireActual('onnxruntime-node'),
  '@tensorflow/tfjs': () => union,
  '@tensorflow/tfjs-core': () => tf,
  '@tensorflow/tfjs-node': () => union,
};

// test/package runs README to the letter, as installed.
const run = typed.filter(document => document !== 'README.md');
const modules = modulesOf(run.map(typedSnippets));

describe.each(run)('%s', document => {
  const folder = emptyFolder();
  const home = process.cwd();
  beforeAll(() => {
    // The progress bar of tfjs-node keeps a reference to console.log.
    if (tf.getBackend() !== 'tensorflow') return;
    const {progressBarHelper} = jest.requireActual<{progressBarHelper: {log(): void}}>(
      '@tensorflow/tfjs-node/dist/callbacks',
    );
    progressBarHelper.log = () => {};
  });
  beforeEach(() => {
    process.chdir(folder);
    for (const method of ['log', 'warn', 'table'] as const) jest.spyOn(console, method).mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.chdir(home);
    tf.disposeVariables();
  });

  it('has snippets that run as they are printed', async () => {
    await given(document).prepare?.();
    await runModules(modules[run.indexOf(document)], name =>
      name.startsWith('./given/') ? given(document) : loaders[name](),
    );
  });
});
