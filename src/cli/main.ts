#!/usr/bin/env node
import {whenNpmEnds} from '../runtime/parent_process';
import {commands} from './commands/index';
import {packageVersion} from './package_root';
import {ExitCode, runCli} from './program';

function stop(code: number): void {
  const resumes = commands.find(({name}) => name === process.argv[2])?.settings.includes('resume');
  const cure = resumes ? '; run the same command with --resume to continue from the last checkpoint' : '';
  process.stderr.write(`\nstopped${cure}\n`);
  process.exit(code);
}
process.on('SIGINT', () => stop(ExitCode.interrupted));
process.on('SIGTERM', () => stop(ExitCode.terminated));
whenNpmEnds(() => stop(ExitCode.terminated));
// The parent process may be gone, so that nobody reads the last words.
process.stderr.on('error', () => {});
// The reader of the output may have read enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
  process.exit(ExitCode.failed);
});

void runCli(process.argv.slice(2), packageVersion(), process).then(code => {
  process.exitCode = code;
});

// Without an export esbuild takes the file for CommonJS, and then wraps every module that it imports, in all entries.
export {};
