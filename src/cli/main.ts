#!/usr/bin/env node
import {packageVersion} from './package_root';
import {ExitCode, runCli} from './program';

process.on('SIGINT', () => {
  process.stderr.write('\nstopped; the same command with --resume goes on from the last checkpoint\n');
  process.exit(ExitCode.interrupted);
});
// Whoever reads the output may have read enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  throw error;
});

void runCli(process.argv.slice(2), packageVersion(), process).then(code => { process.exitCode = code; });
