/** An error of this library: what is wrong, where, what was received, and the cure. */
export class AutofisError extends Error {
  override readonly name = 'AutofisError';
}

/** Tell whether a value is a tensor, whose JSON would be that of its handle. */
function isTensor(value: unknown): value is {shape: number[]; dtype: string} {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value && 'dtype' in value;
}

function written(value: unknown): string {
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value === 'number' || value === undefined) return String(value);
  if (isTensor(value)) return `a tensor [${value.shape}] of ${value.dtype}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Objects in a circle, such as a layer's nodes, and bigint have no JSON.
    return typeof value === 'object' ? `[object ${value!.constructor?.name}]` : String(value);
  }
}

/** Print a received value the way a person would write it in code, shortened to fit a message. */
export function show(value: unknown): string {
  const text = written(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

/** The error for an argument that breaks its rule: "where: `argument` must rule. Received: value. cure". */
export function invalidArgument(
  where: string,
  argument: string,
  rule: string,
  received: unknown,
  cure = '',
): AutofisError {
  return new AutofisError(
    `${where}: \`${argument}\` must ${rule}. Received: ${show(received)}.${cure ? ` ${cure}` : ''}`,
  );
}

/** The error for objects of a second copy of tfjs-layers. */
export function foreignCopyError(where: string, what: string): AutofisError {
  return new AutofisError(
    `${where}: ${what} comes from another copy of @tensorflow/tfjs-layers than the one that tfjs-autofis imports. ` +
      'Layers, models and callbacks of two copies do not work together. Run `npm ls @tensorflow/tfjs-layers`, ' +
      'install one version of all @tensorflow packages, then `npm dedupe`.',
  );
}
