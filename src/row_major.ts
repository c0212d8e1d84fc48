import type {TypedArray} from '@tensorflow/tfjs-core';

/** Take one column of a table that is there in parts, row-major. */
export function columnValues(parts: readonly TypedArray[], column: number, width: number): Float32Array {
  const values = new Float32Array(parts.reduce((sum, {length}) => sum + length, 0) / width);
  let row = 0;
  for (const part of parts) for (let at = column; at < part.length; at += width) values[row++] = part[at];
  return values;
}
