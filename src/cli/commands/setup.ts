import type {CommandSpec} from '../command';
import {ensureNative} from '../native_script';

export const setup: CommandSpec = {
  name: 'setup',
  summary: 'make the native TensorFlow backend load',
  description:
    'Makes sure that the addon of @tensorflow/tfjs-node (with --gpu: of tfjs-node-gpu) in this project loads. One that loads is left ' +
    "alone. Otherwise one is built against a current TensorFlow (274 MB, with --gpu about 3 GB, once per user), for which Python's pip " +
    'and a C++ compiler are needed. Without it everything runs on WebAssembly.',
  settings: ['gpu'],
  examples: ['setup', 'setup --gpu'],
  run: async ({values: {gpu = false}, output}) => {
    const {status, reason} = await ensureNative({projectRoot: process.cwd(), gpu, log: line => output.note(line)});
    output.result({status, reason});
    if (status === 'unavailable') {
      output.say(`The native backend is not available: ${reason}.`);
      return 1;
    }
    output.say(
      `${reason}${status === 'built' ? ' (built now)' : status === 'cached' ? ' (taken from the cache)' : ''}.`,
    );
    return 0;
  },
};
