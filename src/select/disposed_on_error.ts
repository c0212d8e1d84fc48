import type * as tfl from '@tensorflow/tfjs-layers';

/** What work with models gives; where it fails, they are disposed. */
export async function disposedOnError<T>(models: readonly tfl.LayersModel[], work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
}
