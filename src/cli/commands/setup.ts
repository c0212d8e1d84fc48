import type {CommandSpec} from '../command';
import {ensureNative} from '../native_script';
import {UsageError} from '../usage_error';

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
