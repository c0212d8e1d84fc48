import type {Checksummer} from '../../wasm/checksum';

/** Rows that a checksum is of; the last one of a file may be of fewer. */
export const CHECKSUM_ROWS = 2048;

/** Neighbouring rows of a shard: ids [rows, W], labels, weights and groups. */
export interface StoredRows {
  ids: Int32Array;
  labels: Float32Array | Uint8Array | Int8Array;
  weights?: Float32Array;
  groups?: Int32Array;
}

/**
 * Checksums of each {@link CHECKSUM_ROWS} rows, 16 hexadecimal digits each: the sum of w_i (1 + K i) modulo 2^64, with
 * K = 0x9E3779B97F4A7C15, over the 32-bit words of the ids, of the labels as float32, of the weights and of the groups.
 *
 * @param rows Rows to take, from the first on.
 */
export function checksumsOf(
  summer: Checksummer,
  {ids, labels, weights, groups}: StoredRows,
  rows: number,
  columns: number,
): string {
  let text = '';
  for (let start = 0; start < rows; start += CHECKSUM_ROWS) {
    const count = Math.min(CHECKSUM_ROWS, rows - start);
    const words = [
      ids.subarray(start * columns, (start + count) * columns),
      new Float32Array(labels.subarray(start, start + count)),
      ...[weights, groups].flatMap(values => values?.subarray(start, start + count) ?? []),
    ];
    let sum = 0n;
    let position = 0;
    for (const part of words) {
      sum += summer.sum(part, position);
      position += part.length;
    }
    text += BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
  }
  return text;
}
