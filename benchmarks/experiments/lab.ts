import * as tf from '@tensorflow/tfjs-core';
import type {FieldSpec, LabeledRows} from 'tfjs-autofis';
import {labelsOfRows, type TrainingRows} from '../internals';
import {DataName, readData, type Reading} from './data';
import type {PartName, Table} from './encode';
import {isStreamed, openStreamed} from './streamed';

/** A data set as tensors; training rows may be a stream. */
export interface Loaded<Train extends TrainingRows = TrainingRows> {
  fields: FieldSpec[];
  parts: {train: Train; validation: LabeledRows; test: LabeledRows};
}

/** A table as tensors. */
export function asTensors({rows, ids, labels}: Table): LabeledRows {
  return {xs: tf.tensor2d(ids, [rows, ids.length / rows], 'int32'), ys: tf.tensor2d(labels, [rows, 1])};
}

/** Tensors as a table. */
export function asTable({xs, ys}: LabeledRows): Table {
  return {rows: ys.shape[0], ids: (xs as tf.Tensor).dataSync() as Int32Array, labels: labelsOfRows({xs, ys})};
}

/** A data set whose rows are all in memory; `checkInMemory` says beforehand whether they are. */
export function inMemory({fields, parts: {train, ...others}}: Loaded): Loaded<LabeledRows> {
  return {fields, parts: {train: train as LabeledRows, ...others}};
}

/** Throws where training rows are a stream, for an experiment that needs them in memory. */
export function checkInMemory(names: readonly DataName[]): void {
  const streamed = names.find(isStreamed);
  if (streamed !== undefined) {
    throw new Error(
      `This experiment needs all rows in memory, and the training rows of ${streamed} are read from disk. ` +
        'Run it on other data sets.',
    );
  }
}

/** The same for each part. */
export function forParts<A, B>(
  parts: Record<PartName, A>,
  change: (part: A, name: PartName) => B,
): Record<PartName, B> {
  return {
    train: change(parts.train, 'train'),
    validation: change(parts.validation, 'validation'),
    test: change(parts.test, 'test'),
  };
}

/** Reads data sets, and keeps the last one: jobs of one data set and seed follow each other. */
export class Lab {
  private key = '';
  private loaded: Loaded | null = null;

  /** @param folder Where the data files are. */
  constructor(readonly folder: string) {}

  async data(name: DataName, seed: number, reading: Reading = {}): Promise<Loaded> {
    const key = `${name} ${seed} ${JSON.stringify(reading)}`;
    if (this.loaded !== null && this.key === key) return this.loaded;
    this.dispose();
    const {fields, parts} = isStreamed(name)
      ? await openStreamed(name, this.folder)
      : await readData(name, {folder: this.folder, seed, ...reading});
    this.key = key;
    const {train, validation, test} = parts;
    return (this.loaded = {
      fields,
      parts: {
        train: typeof train === 'function' ? train : asTensors(train),
        validation: asTensors(validation),
        test: asTensors(test),
      },
    });
  }

  dispose(): void {
    if (this.loaded !== null) tf.dispose(Object.values(this.loaded.parts) as never);
    this.loaded = null;
  }
}
