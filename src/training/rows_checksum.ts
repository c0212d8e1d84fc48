import type * as tf from '@tensorflow/tfjs-core';
import {Checksummer} from '../wasm/checksum';
import {rowsIn, type TrainingRows} from './rows';

/** Words that are summed at once, so that a large table is not copied as a whole. */
const PIECE = 1 << 20;

/** Return a fingerprint of rows: shapes and checksums of their tensors; for a stream only the number of rows. */
export function rowsChecksum(rows: TrainingRows): string {
  if (typeof rows === 'function') return `${rowsIn(rows)} rows`;
  const {xs, ys, weights} = rows;
  const sums = new Checksummer();
  return [xs, ys, weights ?? []]
    .flat()
    .map(tensor => `[${tensor.shape}] ${checksumOf(sums, tensor)}`)
    .join(', ');
}

function checksumOf(sums: Checksummer, tensor: tf.Tensor): string {
  const values = tensor.dataSync();
  let sum = 0n;
  for (let at = 0; at < values.length; at += PIECE) {
    const piece = values.subarray(at, at + PIECE);
    sum += sums.sum(piece instanceof Uint8Array ? Int32Array.from(piece) : piece, at);
  }
  return BigInt.asUintN(64, sum).toString(16);
}
