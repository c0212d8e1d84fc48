import {seededRandom} from '../random';
import type {PlantedData} from './planted';
import {byTens} from './encode';

/** Sizes of the fields, again and again. */
const SIZES = [2, 5, 10, 30, 100];
/** Share of positive labels. */
const RATE = 0.2;

/**
 * A table in which nothing matters: every field uniform over its values, labels drawn without looking at them. 8 of 10
 * rows are for training, one for validation, one for testing.
 */
export function noiseData({
  rows,
  fields,
  seed,
}: {
  rows: number;
  fields: number;
  seed: number;
}): Omit<PlantedData, 'planted'> {
  const random = seededRandom(seed);
  const sizes = Array.from({length: fields}, (_, f) => SIZES[f % SIZES.length]);
  const columns = sizes.map(size => Int32Array.from({length: rows}, () => Math.floor(random() * size)));
  const labels = Float32Array.from({length: rows}, () => (random() < RATE ? 1 : 0));
  return {
    fields: sizes.map((size, f) => ({name: `f${f}`, size})),
    parts: byTens(columns, labels),
  };
}
