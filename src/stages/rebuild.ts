import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkSeed} from '../checks';
import type {CrossLinear} from '../../layers/cross_linear';
import {haveShapesOf, retainedWeights} from './retained_weights';
import {isGate, layersOf} from './model_layers';
import {useClosedLoss} from '../metrics/binary_crossentropy';
import {freshOptimizer} from './lazy_default';
import {setOptimizer} from '../tfjs_internals';
import {baseOptimizer} from './search_optimizer';

type Config = {[key: string]: unknown};

/** One layer's entry in a model's config. */
export interface LayerEntry {
  className: string;
  config: Config;
}

export interface RebuildOptions {
  /** Gives every random start a new seed; null leaves the seeds that the layers have. */
  seed: number | null;
  /** Change the configs of layers, in the order of the model's layers, those of nested models included. */
  change?(layer: LayerEntry): void;
}

/** A new model of the same architecture with fresh weights, those of frozen layers apart; not compiled. */
export function rebuildModel(where: string, model: tfl.LayersModel, {seed, change}: RebuildOptions): tfl.LayersModel {
  const config = copy(model.getConfig()) as unknown as Config | LayerEntry[];
  visitLayers(config, entry => change?.(entry));
  checkSeed(where, seed);
  if (seed !== null) {
    let next = seed;
    // Neighbouring seeds of one generator are independent enough; equal ones would start all tables alike.
    reseed(config, () => next++);
  }
  const cls = model.constructor as unknown as {fromConfig(cls: unknown, config: unknown): tfl.LayersModel};
  const fresh = cls.fromConfig(cls, config);
  keepUntrained(model, fresh);
  return fresh;
}

/**
 * Copy the untrained values of a model, which belong to its architecture, into its rebuilt copy.
 *
 * These are the dictionary that a CrossLinear is fitted to, and the weights of a frozen layer, such as a pretrained
 * table. Weights whose shape has changed are left to the caller.
 */
function keepUntrained(model: tfl.LayersModel, fresh: tfl.LayersModel): void {
  const from = layersOf(model);
  layersOf(fresh).forEach((layer, i) => {
    const old = from[i];
    if (!old.trainable && !isGate(old)) {
      tf.tidy(() => {
        const values = retainedWeights(old, layer);
        if (haveShapesOf(layer, values)) layer.setWeights(values);
      });
    }
    if (layer.getClassName() !== 'CrossLinear') return;
    const [rebuilt, before] = [layer, old].map(crossed => (crossed as CrossLinear).dictionary);
    if (rebuilt?.shape[0] === before?.shape[0]) rebuilt?.write(before!.read());
  });
}

/** Compile `target` as `model` was compiled, with a fresh optimizer of the same configuration. */
export function compileLike(where: string, target: tfl.LayersModel, model: tfl.LayersModel): void {
  const {loss, metrics, optimizer} = model;
  const fresh = freshOptimizer(where, model, baseOptimizer(optimizer));
  target.compile({loss, metrics: metrics as tfl.ModelCompileArgs['metrics'], optimizer: fresh});
  useClosedLoss(target);
  setOptimizer(target, fresh, true);
}

function visitLayers(config: unknown, visit: (entry: LayerEntry) => void): void {
  const layers = Array.isArray(config) ? config : (config as {layers?: unknown})?.layers;
  if (!Array.isArray(layers)) return;
  for (const entry of layers as LayerEntry[]) {
    visit(entry);
    visitLayers(entry.config, visit);
  }
}

function reseed(value: unknown, next: () => number): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'seed' && (member == null || typeof member === 'number')) (value as Config)[key] = next();
    else reseed(member, next);
  }
}

/** A deep copy of plain data; unlike JSON it keeps undefined and NaN. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as unknown as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)])) as T;
}
