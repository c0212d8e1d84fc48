import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {promisify} from 'node:util';
import {endWithParent} from '../end_with_parent';

const execute = promisify(execFile);

/**
 * Run a script that grows trees.
 *
 * @param job Its only argument, as JSON.
 * @throws Error with what Python printed where it fails.
 */
export async function runTrees(python: string, script: string, job: object): Promise<void> {
  // Spinning threads would take a busy machine from others, and from themselves.
  const running = execute(python, [script, JSON.stringify(job)], {
    env: {...process.env, OMP_WAIT_POLICY: 'passive', PYTHONDONTWRITEBYTECODE: '1'},
  });
  endWithParent(running.child);
  await running;
}

/** A file's bytes in a buffer of their own, which starts at 0 as typed arrays want it. */
export function bytesOf(file: string): ArrayBuffer {
  const {buffer, byteOffset, byteLength} = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
