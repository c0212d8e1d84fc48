import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Backend} from './backends';
import {specFiles} from './bundle_specs';
import {compared, compareSpecs} from './specs';

/** The specs of the ops whose kernels or gradients the library replaces; `npm run conformance` runs all. */
const replaced = [
  'ops/gather_test',
  'ops/slice_test',
  'ops/split_test',
  'ops/unsorted_segment_sum_test',
  'ops/mat_mul_test',
  'ops/relu_test',
  'ops/step_test',
  'ops/clone_test',
  'ops/concat_test',
  'gradients_test',
  'io/router_registry_test',
];

it('names files of specs that there are', () => {
  const files = specFiles();
  expect(files.length).toBeGreaterThan(200);
  expect(replaced.filter(file => !files.includes(file))).toEqual([]);
});

it('counts as newly failing what fails or is missing only with the library', () => {
  expect(compared({a: null, b: ['x'], c: null, d: null}, {a: null, b: ['y'], c: ['z']})).toEqual({
    specs: 4,
    failing: {stock: 1, ours: 3},
    newlyFailing: {c: ['z'], d: ['did not run']},
  });
});

const addon = path.join(
  path.dirname(require.resolve('@tensorflow/tfjs-node/package.json')),
  'lib/napi-v8/tfjs_binding.node',
);
const backends: Backend[] = existsSync(addon) ? ['tfjs-node', 'wasm'] : ['wasm'];

it.each(backends)("no spec of tfjs-core fails on %s only with the library's kernels", async backend => {
  const {specs, newlyFailing} = await compareSpecs(backend, replaced);
  expect(newlyFailing).toEqual({});
  expect(specs).toBeGreaterThan(250);
});
