import path from 'node:path';
import type {CommandSpec} from '../command';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';
import {packageRoot} from '../package_root';
import {runChild} from '../run_child';

export const setupCommand: CommandSpec = {
  name: 'setup',
  summary: 'make the native TensorFlow backend load',
  description:
    "Checks that this project's addon of @tensorflow/tfjs-node loads, or with --gpu that of tfjs-node-gpu. If " +
    'not, builds one against a current TensorFlow (a download of 274 MB, for a GPU about 3 GB, once per ' +
    "user); this needs Python's pip and a C++ compiler. Without the addon everything runs on WebAssembly.",
  settings: ['gpu', 'wheels'],
  examples: ['setup', 'setup --gpu', 'setup --wheels /media/wheels'],
  run: async ({values: {gpu = false, wheels}, output}) => {
    const {status, reason} = await ensureNative({projectRoot: process.cwd(), gpu, wheels}, output.note);
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

interface NativeResult {
  status: 'present' | 'built' | 'cached' | 'no-gpu' | 'unavailable';
  reason: string;
}

/**
 * `ensureNative` of scripts/native.mjs, which builds tfjs-node's addon where it does not load. The script is an ES
 * module, and the CommonJS build of this program cannot import one, so it runs in a process of its own: its log on
 * stderr, the result on stdout.
 */
async function ensureNative(
  options: {projectRoot: string; gpu: boolean; wheels?: string},
  log: (line: string) => void,
): Promise<NativeResult> {
  const script = pathToFileURL(path.join(packageRoot(), 'scripts/native.mjs')).href;
  const code = `import {ensureNative} from ${JSON.stringify(script)};
    const log = line => console.error(line);
    console.log(JSON.stringify(await ensureNative({...${JSON.stringify(options)}, log})));`;
  const running = runChild(process.execPath, ['--input-type=module', '--eval', code]);
  createInterface(running.child.stderr!).on('line', log);
  const {stdout} = await running.catch((error: {code: number | null; stderr: string}) => {
    throw new Error(`scripts/native.mjs ended with ${error.code ?? 'a signal'}:\n${error.stderr.trimEnd()}`);
  });
  return JSON.parse(stdout) as NativeResult;
}
