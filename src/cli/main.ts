#!/usr/bin/env node
import {commands} from './commands/index';
import {packageVersion} from './package_root';
import {ExitCode, runCli} from './program';

/** What a progress bar takes from a terminal: the cursor, and that long lines are wrapped. */
const RESTORED = '\x1b[?25h\x1b[?7h';

for (const [signal, code] of [['SIGINT', ExitCode.interrupted], ['SIGTERM', ExitCode.terminated]] as const) {
  process.on(signal, () => {
    const resumes = commands.find(({name}) => name === process.argv[2])?.settings.includes('resume');
    process.stderr.write(`${process.stderr.isTTY ? RESTORED : ''}\nstopped${resumes ? '; the same command with --resume goes on from the last checkpoint' : ''}\n`);
    process.exit(code);
  });
}
// Whoever reads the output may have read enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  throw error;
});

void runCli(process.argv.slice(2), packageVersion(), process).then(code => { process.exitCode = code; });
