import * as tfl from '@tensorflow/tfjs-layers';

/** Glorot's uniform start of one of a layer's weights, with the layer's seed plus an offset of its own. */
export function glorot(seed: number | null, offset: number): ReturnType<typeof tfl.initializers.glorotUniform> {
  return tfl.initializers.glorotUniform({seed: seed === null ? undefined : seed + offset});
}
