import {AutofisError} from '../../errors';
import type {Invocation} from '../command';

/** Make the backend that was asked for, or the fastest, the current one, and say which. */
export async function startBackend({values: {backend, precision}, output}: Invocation): Promise<string> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {useBackend} = await import('../../runtime/use_backend');
  const {reason} = await useBackend(backend, {precision}).catch((error: Error) => {
    if (!(error instanceof AutofisError)) throw error;
    const own = error.message.replace('useBackend: ', '');
    throw new AutofisError(own.replace('Call it without a name', 'Omit --backend'));
  });
  output.note(`computes with ${reason}`);
  return reason;
}
