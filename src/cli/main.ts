#!/usr/bin/env node
import {commands} from './commands/index';
import {packageVersion} from './package_root';
import {ExitCode, runCli} from './program';

/** Makes the cursor visible, which a progress bar hides. */
const SHOW_CURSOR = '\x1b[?25h';

process.on('SIGINT', () => {
  const resumes = commands.find(({name}) => name === process.argv[2])?.settings.includes('resume');
  process.stderr.write(`${process.stderr.isTTY ? SHOW_CURSOR : ''}\nstopped${resumes ? '; the same command with --resume goes on from the last checkpoint' : ''}\n`);
  process.exit(ExitCode.interrupted);
});
// Whoever reads the output may have read enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  throw error;
});

void runCli(process.argv.slice(2), packageVersion(), process).then(code => { process.exitCode = code; });
