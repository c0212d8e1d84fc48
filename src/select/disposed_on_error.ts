import type * as tfl from '@tensorflow/tfjs-layers';

/** Return the result of `work`; dispose the models if it throws. */
export async function disposedOnError<T>(models: readonly tfl.LayersModel[], work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
}
