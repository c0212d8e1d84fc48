import {AutofisError} from '../../errors';
import {wrapped} from '../../text_table';
import type {Invocation} from '../command';

/** Make the backend that was asked for, or the fastest, the current one, and say so if it is the slowest. */
export async function startBackend({values: {backend}, output}: Invocation): Promise<string> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {useBackend} = await import('../../runtime/use_backend');
  const {backend: chosen, reason} = await useBackend(backend).catch((error: Error) => {
    if (!(error instanceof AutofisError)) throw error;
    const text = error.message.replace('useBackend: ', '');
    throw new AutofisError(text.replace('Call it without a name', 'Omit --backend'));
  });
  const write = chosen === 'cpu' ? output.note : output.detail;
  write(wrapped(`computes with ${reason}`));
  return reason;
}
