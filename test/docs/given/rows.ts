import * as tf from '@tensorflow/tfjs-core';
import {asTensors, fields, plantedRows} from '../../helpers/models';

/** Rows that documents take as given. */
export const rowsOf = (seed: number, rows: number) =>
  asTensors(
    plantedRows(
      rows,
      fields,
      [
        [0, 1],
        [1, 2],
      ],
      seed,
    ),
  );
export const arrayOf = (t: tf.Tensor) => Array.from(t.dataSync());
export {fields};
