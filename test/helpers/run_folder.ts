import path from 'node:path';
import {plantedRows} from './models';
import {writeShards} from './shards';

const FIELDS = [12, 10, 8, 6].map((size, i) => ({name: `field ${i}`, size}));

/** Encoded rows of a small run, in FOLDER/data: the first two fields decide. */
export function writeRunData(folder: string, rows = 1200): void {
  const {ids, labels} = plantedRows(rows, FIELDS, [[0, 1]], 3);
  const part = (from: number, to: number) => ({
    fields: FIELDS,
    ids: Int32Array.from(ids.slice(from * rows, to * rows).flat()),
    labels: Float32Array.from(labels.slice(from * rows, to * rows)),
  });
  writeShards(path.join(folder, 'data'), {train: part(0, 0.7), valid: part(0.7, 0.85), test: part(0.85, 1)});
}
