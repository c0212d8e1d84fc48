import {readFileSync} from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import {graphicsCards, nativePackage} from './native';

/** The machine and the software that the figures were made with. */
export type Machine = Record<string, string>;

export function describeMachine(): Machine {
  const cpus = os.cpus();
  const tfjs = JSON.parse(readFileSync('node_modules/@tensorflow/tfjs-core/package.json', 'utf8')) as {version: string};
  return {
    processor: `${cpus[0]?.model.trim() ?? 'unknown'}, ${cpus.length} cores`,
    memory: `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    'load average at the start': os.loadavg()[0].toFixed(1),
    ...(nativePackage() === 'tfjs-node-gpu' ? {'graphics card': graphicsCards() ?? 'none'} : {}),
    node: process.version,
    'TensorFlow.js': tfjs.version,
  };
}
