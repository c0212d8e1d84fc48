import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import {runCli} from '../../src/cli/program';

const root = path.resolve(__dirname, '../..');

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process. */
export async function cli(...args: string[]): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const code = await runCli(args, '0.0.0', {
    stdout: {
      write: text => {
        stdout += text;
      },
    },
    stderr: {
      write: text => {
        stderr += text;
      },
    },
  });
  return {code, stdout, stderr};
}

/** Runs a command line in a process of its own, from the sources. */
export async function cliProcess(args: string[], cwd = root): Promise<CliResult> {
  const main = path.join(root, 'src/cli/main.ts');
  try {
    const {stdout, stderr} = await promisify(execFile)(
      process.execPath,
      ['--import', require.resolve('tsx'), main, ...args],
      {cwd, maxBuffer: 1e8},
    );
    return {code: 0, stdout, stderr};
  } catch (error) {
    const {code, stdout, stderr} = error as {code: number; stdout: string; stderr: string};
    return {code, stdout, stderr};
  }
}
