import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A second copy of tfjs-layers over the same tfjs-core, as a wrongly deduplicated install has it. */
export function foreignLayers(): typeof tfl {
  let copy: typeof tfl | undefined;
  jest.isolateModules(() => {
    jest.doMock('@tensorflow/tfjs-core', () => tf);
    copy = jest.requireActual<typeof tfl>('@tensorflow/tfjs-layers');
    jest.dontMock('@tensorflow/tfjs-core');
  });
  return copy!;
}
