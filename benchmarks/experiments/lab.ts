import * as tf from '@tensorflow/tfjs-core';
import type {FieldSpec, LabeledRows} from 'tfjs-autofis';
import {DataName, readData} from './data';
import type {PartName, Table} from './encode';

/** A data set as tensors. */
export interface Loaded {
  fields: FieldSpec[];
  parts: Record<PartName, LabeledRows>;
}

/** A table as tensors. */
export function asTensors({rows, ids, labels}: Table): LabeledRows {
  return {xs: tf.tensor2d(ids, [rows, ids.length / rows], 'int32'), ys: tf.tensor2d(labels, [rows, 1])};
}

/** Tensors as a table. */
export function asTable({xs, ys}: LabeledRows): Table {
  return {rows: ys.shape[0], ids: (xs as tf.Tensor).dataSync() as Int32Array, labels: ys.dataSync() as Float32Array};
}

/** The same for each part. */
export function forParts<A, B>(parts: Record<PartName, A>, change: (part: A, name: PartName) => B): Record<PartName, B> {
  return {train: change(parts.train, 'train'), validation: change(parts.validation, 'validation'), test: change(parts.test, 'test')};
}

/** Reads data sets, and keeps the last one: jobs of one data set and seed follow each other. */
export class Lab {
  private key = '';
  private loaded: Loaded | null = null;

  constructor(private readonly folder: string) {}

  async data(name: DataName, seed: number): Promise<Loaded> {
    const key = `${name} ${seed}`;
    if (this.loaded !== null && this.key === key) return this.loaded;
    this.dispose();
    const {fields, parts} = await readData(name, {folder: this.folder, seed});
    this.key = key;
    this.loaded = {fields, parts: forParts(parts, asTensors)};
    return this.loaded;
  }

  dispose(): void {
    if (this.loaded !== null) tf.dispose(Object.values(this.loaded.parts) as never);
    this.loaded = null;
  }
}
