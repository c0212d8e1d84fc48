import type {CommandSpec} from '../command';
import {ensureNative} from '../native_script';

export const setupCommand: CommandSpec = {
  name: 'setup',
  summary: 'make the native TensorFlow backend load',
  description:
    "Checks that this project's addon of @tensorflow/tfjs-node loads, or with --gpu that of tfjs-node-gpu. If " +
    'not, builds one against a current TensorFlow (a download of 274 MB, with --gpu about 3 GB, once per ' +
    "user); this needs Python's pip and a C++ compiler. Without the addon everything runs on WebAssembly.",
  settings: ['gpu'],
  examples: ['setup', 'setup --gpu'],
  run: async ({values: {gpu = false}, output}) => {
    const {status, reason} = await ensureNative({projectRoot: process.cwd(), gpu, log: line => output.note(line)});
    output.result({status, reason});
    if (status === 'unavailable') {
      output.say(`The native backend is not available: ${reason}.`);
      return 1;
    }
    if (status === 'no-gpu') {
      output.say(`${reason}.`);
      return 1;
    }
    const origin = {present: '', built: ' (built now)', cached: ' (taken from the cache)'}[status];
    output.say(`${reason}${origin}.`);
    return 0;
  },
};
