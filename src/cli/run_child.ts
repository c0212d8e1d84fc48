import {execFile, type ExecFileOptions} from 'node:child_process';
import {promisify} from 'node:util';

/** Run a program, and end it with this process, as at Ctrl-C or SIGTERM: it would work on for nobody. */
export function runChild(program: string, args: readonly string[], options: ExecFileOptions = {}) {
  const running = promisify(execFile)(program, args, {maxBuffer: Infinity, ...options, encoding: 'utf8'});
  const {child} = running;
  const stop = () => child.kill();
  process.once('exit', stop);
  child.once('close', () => process.off('exit', stop));
  child.stdin?.end();
  return running;
}
