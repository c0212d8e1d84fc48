import {spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';
import {endWithParent} from './end_with_parent';
import {packageRoot} from './package_root';

export interface NativeOptions {
  projectRoot: string;
  gpu: boolean;
  /** Folder of TensorFlow's wheels, where nothing is downloaded. */
  wheels?: string;
  log(line: string): void;
}

export interface NativeResult {
  status: 'present' | 'built' | 'cached' | 'no-gpu' | 'unavailable';
  reason: string;
}

/**
 * `ensureNative` of scripts/native.mjs, which builds tfjs-node's addon where it does not load. The script is an ES
 * module, and the CommonJS build of this program cannot import one, so it runs in a process of its own: its log on
 * stderr, the result on stdout.
 */
export async function ensureNative({log, ...options}: NativeOptions): Promise<NativeResult> {
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
