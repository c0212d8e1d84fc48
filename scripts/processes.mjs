/**
 * Child processes of the setup scripts: each runs in a process group of its own, so that stopping
 * one stops whatever it started, and Ctrl-C stops all of them before the cleanup.
 */
import {spawn} from 'node:child_process';

const running = new Set();

/**
 * Runs a command to its end and returns what it printed; never throws.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, shell?: boolean, timeoutMs?: number}} options
 * @returns {Promise<{code: number | null, signal: string | null, out: string, err: string}>} `code`
 *     is null when the command could not be started or was ended by a signal.
 */
export function run(command, args, {cwd, env, shell = false, timeoutMs} = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd,
      shell,
      env: {...process.env, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const printed = {out: '', err: ''};
    child.stdout.on('data', chunk => {
      printed.out += chunk;
    });
    child.stderr.on('data', chunk => {
      printed.err += chunk;
    });
    running.add(child);
    const timer = timeoutMs && setTimeout(() => stop(child), timeoutMs);
    const end = (code, signal, error) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({code, signal, out: printed.out, err: error ? String(error.message) : printed.err});
    };
    child.on('error', error => end(null, null, error));
    child.on('close', (code, signal) => end(code, signal));
  });
}

/** Stops a child and everything it started. */
function stop(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

/** Stops all children that are running. */
export function stopAll() {
  for (const child of running) stop(child);
}

/**
 * Runs `work`; if the process gets a signal meanwhile (Ctrl-C, SIGTERM, SIGHUP), stops all
 * children, calls `cleanup` and exits with 128 + the signal's number, as a shell reports it.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {() => void} cleanup
 * @returns {Promise<T>}
 */
export async function interruptible(work, cleanup) {
  const handlers = [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ].map(([signal, code]) => {
    const handler = () => {
      stopAll();
      cleanup();
      process.exit(code);
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  try {
    return await work();
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}

/** The last line of a text that says something, shortened to fit a message. */
export function lastLine(text, preferred = /./) {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  const line = lines.filter(text => preferred.test(text)).pop() ?? lines.pop() ?? 'no output';
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
