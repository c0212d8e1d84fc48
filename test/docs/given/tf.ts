import * as converter from '@tensorflow/tfjs-converter';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

/**
 * What `import * as tf from '@tensorflow/tfjs-node'` gives, on the backend in use; `https://example.com/` is the
 * current folder.
 */
export const tf = {
  ...core,
  ...layers,
  loadGraphModel: (url: string) => converter.loadGraphModel(url.replace('https://example.com/', 'file://')),
};
