import {AutofisError} from '../../errors';
import type {Effort} from '../../select/effort';
import type {Invocation} from '../command';

/** Make the backend that was asked for, or the fastest, the current one, and say which. */
export async function startBackend({values: {backend}, output}: Invocation): Promise<string> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {useBackend} = await import('../../runtime/use_backend');
  const {reason} = await useBackend(backend).catch((error: Error) => {
    if (!(error instanceof AutofisError)) throw error;
    const own = error.message.replace('useBackend: ', '');
    throw new AutofisError(own.replace('Call it without a name', 'Omit --backend'));
  });
  output.note(`computes with ${reason}`);
  return reason;
}

/** Rows from which on plain JavaScript takes minutes. */
const MANY = 10_000;

/** A line for people who wait for the slowest backend; null where nobody waits for long. */
export function slowBackend(backend: string, effort: Effort, rows: number): string | null {
  if (backend !== 'cpu' || effort === 'quick' || rows < MANY) return null;
  return (
    `plain JavaScript takes minutes for ${rows.toLocaleString('en')} rows: --effort quick tries less, and ` +
    '@tensorflow/tfjs-backend-wasm or @tensorflow/tfjs-node is several times faster'
  );
}
