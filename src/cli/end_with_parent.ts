import type {ChildProcess} from 'node:child_process';

/** End a child process with this one, as at Ctrl-C or SIGTERM: it would work on for nobody. */
export function endWithParent(child: ChildProcess): void {
  const stop = () => child.kill();
  process.once('exit', stop);
  child.once('close', () => process.off('exit', stop));
}
