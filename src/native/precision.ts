import {NativeBackend, nativeBackend} from '../tfjs_internals';
import {bfloat16Pays, MixedPrecision} from './mixed_precision';

/** Precision of products in dense layers: float32, or factors rounded to bfloat16. */
export type Precision = 'float32' | 'mixed';

/** The property of a backend that holds its mixed precision, seen by every copy of this library. */
const MIXED = Symbol.for('tfjs-autofis.mixed-precision');

type Backend = NativeBackend & {[MIXED]?: MixedPrecision};

/** Dense layers of a backend in bfloat16; undefined where it computes in float32. */
export function mixedPrecision(backend: NativeBackend): MixedPrecision | undefined {
  return (backend as Backend)[MIXED];
}

/**
 * Set how the current backend multiplies.
 *
 * @param anyway Whether it is mixed also where it does not pay.
 * @returns Why 'mixed' was refused; null where it is as asked for.
 */
export function setPrecision(precision: Precision, anyway = false): string | null {
  const backend: Backend | null = nativeBackend();
  if (backend === null) return precision === 'mixed' ? 'only native TensorFlow multiplies in bfloat16' : null;
  if (precision === 'float32') {
    backend[MIXED]?.end();
    delete backend[MIXED];
    return null;
  }
  if (backend[MIXED] !== undefined) return null;
  if (!anyway && backend.isUsingGpuDevice) return 'on a GPU TensorFlow multiplies in TensorFloat-32 already';
  if (!anyway && !bfloat16Pays(backend)) return 'products are not faster in bfloat16 on this processor';
  backend[MIXED] = new MixedPrecision(backend);
  return null;
}
