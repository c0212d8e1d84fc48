import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {attentionalPooling, compressedInteraction} from 'tfjs-autofis';
import {PIECE_VALUES} from '../../src/products/pieces';
import {disposeWeights} from '../helpers/tensors';

/** Criteo's number of fields. */
const M = 39;

/**
 * Bytes beyond those at the start that taking the gradient for an input needs at its peak. tfjs counts a reshaped or
 * cloned tensor again, though it shares the memory.
 */
async function peak(layer: tfl.layers.Layer, shape: number[]): Promise<number> {
  const input = tf.randomUniform(shape, -1, 1, 'float32', 5);
  layer.apply(input);
  const before = tf.memory().numBytes;
  const {peakBytes} = await tf.profile(() => {
    const gradient = tf.grad(x => tf.sum(layer.apply(x) as tf.Tensor))(input);
    tf.dispose(gradient);
  });
  tf.dispose(input);
  disposeWeights(layer);
  return peakBytes - before;
}

describe('the memory of a gradient at 39 fields', () => {
  it('of AttentionalPooling does not grow with the batch times the number of pairs', async () => {
    const bytes = (batch: number) => peak(attentionalPooling({units: 8, seed: 1}), [batch, M, 8]);
    const few = await bytes(400);
    const many = await bytes(1600);
    const pairs = 4 * 741 * 8;
    expect(many - few).toBeLessThan(0.5 * 1200 * pairs);
    expect(many).toBeLessThan(20 * 4 * PIECE_VALUES);
  });

  it('of CompressedInteraction does not grow with the batch times the number of products', async () => {
    const bytes = (batch: number) => peak(compressedInteraction({units: [20, 8], seed: 1}), [batch, M, 8]);
    const few = await bytes(400);
    const many = await bytes(1600);
    const products = 4 * M * M * 8;
    expect(many - few).toBeLessThan(0.5 * 1200 * products);
    expect(many).toBeLessThan(20 * 4 * PIECE_VALUES);
  });
});
