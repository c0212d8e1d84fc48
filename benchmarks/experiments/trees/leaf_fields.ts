import type {FieldSpec} from 'tfjs-autofis';

/** One field a tree, whose values are its leaves. */
export function leafFields(sizes: readonly number[]): FieldSpec[] {
  return sizes.map((size, i) => ({name: `tree ${i + 1}`, size}));
}
