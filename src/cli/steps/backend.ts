import {wrapped} from '../../text_table';
import type {Invocation} from '../command';
import {withFlags} from '../setting';

/** Make the backend that was asked for, or the fastest, the current one, and say so if it is the slowest. */
export async function startBackend({values: {backend}, output}: Invocation): Promise<string> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {useBackend} = await import('../../runtime/use_backend');
  const {backend: chosen, reason} = await useBackend(backend).catch((error: Error) => {
    throw withFlags(error);
  });
  const write = chosen === 'cpu' ? output.note : output.detail;
  write(wrapped(`computes with ${reason}`));
  return reason;
}
