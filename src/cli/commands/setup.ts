import path from 'node:path';
import type {CommandSpec} from '../command';
import {UsageError} from '../usage_error';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';
import {endWithParent} from '../end_with_parent';
import {packageRoot} from '../package_root';

export const setupCommand: CommandSpec = {
  name: 'setup',
  summary: 'make the native TensorFlow backend load',
  description:
    "Checks that this project's addon of @tensorflow/tfjs-node loads, or with --backend that of tfjs-node-gpu. If " +
    'not, builds one against a current TensorFlow (a download of 274 MB, for a GPU about 3 GB, once per ' +
    "user); this needs Python's pip and a C++ compiler. Without the addon everything runs on WebAssembly.",
  settings: ['backend', 'wheels'],
  examples: ['setup', 'setup --backend tfjs-node-gpu', 'setup --wheels /media/wheels'],
  run: async ({values: {backend = 'tfjs-node', wheels}, output}) => {
    if (backend === 'wasm' || backend === 'cpu')
      throw new UsageError(`${backend} has no addon to build. Give tfjs-node or tfjs-node-gpu.`);
    const gpu = backend === 'tfjs-node-gpu';
    const log = (line: string) => output.note(line);
    const {status, reason} = await ensureNative({projectRoot: process.cwd(), gpu, wheels, log});
    output.result({status, reason});
    if (status === 'unavailable' || status === 'no-gpu') {
      output.say(status === 'no-gpu' ? `${reason}.` : `The native backend is not available: ${reason}.`);
      return 1;
    }
    const origin = {present: '', built: ' (built now)', cached: ' (taken from the cache)'}[status];
    output.say(`${reason}${origin}.`);
    return 0;
  },
};

interface NativeOptions {
  projectRoot: string;
  gpu: boolean;
  /** Folder of TensorFlow's wheels, where nothing is downloaded. */
  wheels?: string;
  log(line: string): void;
}

interface NativeResult {
  status: 'present' | 'built' | 'cached' | 'no-gpu' | 'unavailable';
  reason: string;
}

/**
 * `ensureNative` of scripts/native.mjs, which builds tfjs-node's addon where it does not load. The script is an ES
 * module, and the CommonJS build of this program cannot import one, so it runs in a process of its own: its log on
 * stderr, the result on stdout.
 */
async function ensureNative({log, ...options}: NativeOptions): Promise<NativeResult> {
  const script = pathToFileURL(path.join(packageRoot(), 'scripts/native.mjs')).href;
  const code = `import {ensureNative} from ${JSON.stringify(script)};
    const log = line => console.error(line);
    console.log(JSON.stringify(await ensureNative({...${JSON.stringify(options)}, log})));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {stdio: ['ignore', 'pipe', 'pipe']});
  endWithParent(child);
  let result = '';
  const lines: string[] = [];
  child.stdout.on('data', text => {
    result += text;
  });
  createInterface(child.stderr).on('line', line => {
    lines.push(line);
    log(line);
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  if (exit !== 0) throw new Error(`scripts/native.mjs ended with ${exit ?? 'a signal'}:\n${lines.join('\n')}`);
  return JSON.parse(result) as NativeResult;
}
