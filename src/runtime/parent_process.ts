/** Milliseconds between two looks. */
const EVERY = 200;

/**
 * Call back once when npm, which started this program, has ended without it. A signal to `npx` ends the shell between
 * the two, and never gets here: the program would run on unseen. Does nothing for a program that npm did not start.
 *
 * @example
 * whenNpmEnds(() => process.exit(143));
 */
export function whenNpmEnds(callback: () => void): void {
  if (process.env['npm_command'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    // The system gives orphans another parent.
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, EVERY);
  timer.unref();
}
