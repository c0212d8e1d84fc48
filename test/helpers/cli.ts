import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import {runCli} from '../../src/cli/program';
import {compiled} from './compiled';

const root = path.resolve(__dirname, '../..');

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

// Jest sets it in its workers on a terminal; the output of these commands goes to none.
delete process.env['FORCE_COLOR'];

/** Runs a command line in this process. */
export async function cli(...args: string[]): Promise<CliResult> {
  const written = {stdout: [] as string[], stderr: [] as string[]};
  const code = await runCli(args, '0.0.0', {
    stdout: {write: text => written.stdout.push(text)},
    stderr: {write: text => written.stderr.push(text)},
  });
  return {code, stdout: written.stdout.join(''), stderr: written.stderr.join('')};
}

/** Runs a command line in a process of its own. */
export async function cliProcess(args: string[], cwd = root): Promise<CliResult> {
  try {
    const {stdout, stderr} = await promisify(execFile)(process.execPath, [await compiled('src/cli/main.ts'), ...args], {
      cwd,
      env: process.env,
      maxBuffer: 1e8,
    });
    return {code: 0, stdout, stderr};
  } catch (error) {
    const {code, stdout, stderr} = error as {code: number; stdout: string; stderr: string};
    return {code, stdout, stderr};
  }
}
