import * as tf from '@tensorflow/tfjs-core';
import {AutofisError, show} from '../errors';

/**
 * Check that `xs`, `ys` and, where they are given, `weights` of `rows` are tensors with the same number of rows, at
 * least one.
 *
 * @param others What may be given in place of such rows, for the message.
 * @returns The number of rows.
 */
export function checkRowTensors(where: string, name: string, rows: unknown, others = ''): number {
  const {xs, ys, weights} = (rows ?? {}) as {[part: string]: unknown};
  const parts = Object.entries({xs, ys, ...(weights === undefined ? {} : {weights})});
  const counts = parts.flatMap(([, part]) => {
    const tensors = [part].flat();
    return tensors.length === 0 ? [0] : tensors.map(t => (t instanceof tf.Tensor ? (t.shape[0] ?? 0) : 0));
  });
  if (counts.every(count => count > 0 && count === counts[0])) return counts[0];
  const cure = parts.some(([, part]) => isPlain(part)) ? ' Make tensors of arrays by tf.tensor2d.' : '';
  throw new AutofisError(
    `${where}: \`${name}\` must be {xs, ys}, tensors with the same number of rows, at least one${others}. ` +
      `Received: ${parts.map(([key, part]) => `${key} ${described(part)}`).join(', ')}.${cure}`,
  );
}

function isPlain(part: unknown): boolean {
  return (Array.isArray(part) || ArrayBuffer.isView(part)) && !isTensors(part);
}

function isTensors(part: unknown): part is tf.Tensor[] {
  return Array.isArray(part) && part.length > 0 && part.every(tensor => tensor instanceof tf.Tensor);
}

function described(part: unknown): string {
  if (part instanceof tf.Tensor) return `[${part.shape}]`;
  if (isTensors(part)) return part.map(described).join(' and ');
  return isPlain(part) ? 'an array' : show(part);
}
