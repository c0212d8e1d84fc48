import {type ChildProcess, execFile, type ExecFileOptions} from 'node:child_process';
import {promisify} from 'node:util';

/** Children that run; they end with this process, as at Ctrl-C or SIGTERM, since they would work on for nobody. */
const children = new Set<ChildProcess>();
process.on('exit', () => children.forEach(child => child.kill()));

/** Run a program that ends with this process. */
export function runChild(program: string, args: readonly string[], options: ExecFileOptions = {}) {
  const running = promisify(execFile)(program, args, {maxBuffer: Infinity, ...options, encoding: 'utf8'});
  const {child} = running;
  children.add(child);
  child.once('close', () => children.delete(child));
  child.stdin?.end();
  return running;
}
