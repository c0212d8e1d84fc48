import {BackendName, NODE_BACKENDS} from '../../runtime/backend_choice';
import {runChild} from '../run_child';
import type {Finding} from './packages';

/** Findings of a process that loaded one backend. */
export interface Probe {
  loads: boolean;
  reason: string;
  ownOps: boolean;
  /** Why a search step cannot run, or null. */
  training: string | null;
  /** Milliseconds of a search step. */
  stepMs: number | null;
}

const unloaded = (reason: string): Probe => ({loads: false, reason, ownOps: false, training: null, stepMs: null});

/** Load a backend in this process and take a few search steps with it. */
export async function probe(backend: BackendName): Promise<Probe> {
  const {useBackend} = await import('../../runtime/use_backend');
  try {
    const {reason} = await useBackend(backend);
    const {backendWithKernels} = await import('../../native/kernel_ops');
    const {trySearch} = await import('./try_search');
    return {loads: true, reason, ownOps: backendWithKernels() !== null, ...(await trySearch())};
  } catch (error) {
    return unloaded((error as Error).message);
  }
}

/** Run `probe` in a separate process, since one process can have one native backend, and an addon may crash. */
async function probeApart(backend: BackendName): Promise<Probe> {
  const args = [...process.execArgv, process.argv[1], 'doctor', '--backend', backend, '--json'];
  try {
    const env = {...process.env, TF_CPP_MIN_LOG_LEVEL: '3'};
    const {stdout} = await runChild(process.execPath, args, {timeout: 300_000, env});
    return JSON.parse(stdout) as Probe;
  } catch (error) {
    const {signal, message, stdout} = error as {signal?: string; message: string; stdout?: string};
    // A backend that does not load has an exit code of its own, too.
    if (stdout?.startsWith('{')) return JSON.parse(stdout) as Probe;
    return unloaded(signal != null ? `the process that loaded it was killed by ${signal}` : message.split('\n')[0]);
  }
}

/** Which backends load and train, and why not. At least one must. */
export async function backends(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const backend of NODE_BACKENDS) findings.push(findingOf(backend, await probeApart(backend)));
  if (findings.some(({state}) => state === 'good')) return findings;
  return findings.map(finding => ({...finding, state: 'broken'}));
}

export function findingOf(name: BackendName, {loads, reason, ownOps, training, stepMs}: Probe): Finding {
  if (!loads) {
    const detail = reasonAlone(reason);
    return {name, state: 'missing', detail, cure: cureOf(name, detail)};
  }
  if (training !== null) {
    return {
      name,
      state: 'broken',
      detail: `loads, but cannot train: ${training}`,
      cure: 'Update this package, or use another backend.',
    };
  }
  const ops = ownOps
    ? ', with ops of this library'
    : ', without ops of this library (npx tfjs-autofis setup builds them)';
  return {
    name,
    state: 'good',
    detail: `${reason.replace(/; .*/, '')}${name === 'tfjs-node' ? ops : ''}; a small search step takes ${stepMs!.toFixed(1)} ms`,
  };
}

function cureOf(name: BackendName, detail: string): string | undefined {
  if (detail.includes('not installed'))
    return `npm install --ignore-scripts ${/@tensorflow\/\S+/.exec(detail)?.[0]}@4.22.0`;
  if (!name.startsWith('tfjs-node')) return undefined;
  return `npx tfjs-autofis setup${name === 'tfjs-node-gpu' ? ' --gpu' : ''}`;
}

/** The reason of a backend that was asked for by its name, without the frame around it. */
function reasonAlone(reason: string): string {
  return /available\. \S+: (.*?)\. Call it/.exec(reason)?.[1] ?? reason;
}
