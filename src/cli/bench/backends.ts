import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {NODE_BACKENDS, NodeBackend} from '../../runtime/backend_choice';
import {reasonAlone} from '../doctor/probe';
import {flagOf} from '../setting';
import {endWithParent} from '../end_with_parent';
import type {SettingValues} from '../settings';
import type {Measured} from './measure';

/** Result of one backend; `missing` is why there are no times. */
export type BackendTimes =
  ({backend: string; name: string; missing?: undefined} & Measured) | {backend: string; missing: string};

/** Measure each backend in a process of its own: one process can have one native backend, and an addon may crash. */
export async function measureApart(values: SettingValues, note: (line: string) => void): Promise<BackendTimes[]> {
  const found: BackendTimes[] = [];
  for (const backend of NODE_BACKENDS) {
    note(`measuring ${backend} ...`);
    const times = await inProcess(backend, {...values, backend, json: true, quiet: true});
    if (times.missing !== undefined) note(`${backend}: ${times.missing}`);
    found.push(times);
  }
  return found;
}

async function inProcess(backend: NodeBackend, values: SettingValues): Promise<BackendTimes> {
  const running = promisify(execFile)(
    process.execPath,
    [...process.execArgv, process.argv[1], 'bench', ...flags(values)],
    {maxBuffer: 2 ** 24, env: {...process.env, TF_CPP_MIN_LOG_LEVEL: '3'}},
  );
  endWithParent(running.child);
  try {
    const {stdout} = await running;
    const [times] = (JSON.parse(stdout) as {backends: BackendTimes[]}).backends;
    return times.missing === undefined ? {...times, name: times.name.replace(/; as asked for\.$/, '')} : times;
  } catch (error) {
    const {signal, message, stderr = ''} = error as {signal?: string; message: string; stderr?: string};
    const said = /^error: (.*)/m.exec(stderr)?.[1] ?? message.split('\n')[0];
    return {
      backend,
      missing: signal != null ? `the process that loaded it was killed by ${signal}` : reasonAlone(said),
    };
  }
}

/** Settings as a command line. */
function flags(values: SettingValues): string[] {
  return Object.entries(values)
    .filter(([key, value]) => key !== 'config' && value !== undefined && value !== false)
    .flatMap(([key, value]) => (value === true ? [flagOf(key)] : [flagOf(key), String(value)]));
}
