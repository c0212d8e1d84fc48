import fs from 'node:fs';
import path from 'node:path';
import type {Backend} from './backends';
import {runProgram, runScript, withFolder} from './children';

/** How far a model is from reference.py: the largest |ours - numpy| / (1 + |numpy|). */
export interface ZooDifference {
  title: string;
  predictions: number;
  /** Of the weights after a step of SGD. */
  step: number;
}

export interface ComparedZoo {
  models: ZooDifference[];
  /** ONNX files that onnx.checker accepts. */
  exports: number;
}

/** Most that float32 may differ from float64. */
export const TOLERANCE = 1e-5;

/** Computes the models on a backend and in numpy. Throws if onnx.checker refuses an export. */
export function compareZoo(backend: Backend, python: string): Promise<ComparedZoo> {
  return withFolder(async folder => {
    await runScript('run_zoo.ts', [backend, folder]);
    await runProgram(python, [path.join(__dirname, 'reference.py'), folder]);
    return JSON.parse(fs.readFileSync(path.join(folder, 'reference.json'), 'utf8')) as ComparedZoo;
  });
}
