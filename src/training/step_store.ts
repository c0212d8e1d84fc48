import {AutofisError, invalidArgument, show} from '../errors';

/**
 * Where results of finished steps are kept, such as files, so that interrupted work can continue. Values are plain
 * JSON. A store belongs to one piece of work: rows and settings must be the same when it continues.
 */
export interface StepStore {
  /** Return the value that `set` stored under the key, or undefined. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** Return the stored result of `key`; if there is none, run `work` and store its result. */
export async function remembered<T>(store: StepStore | undefined, key: string, work: () => Promise<T>): Promise<T> {
  const known = (await store?.get(key)) as T | undefined;
  if (known !== undefined) return known;
  const result = await work();
  await store?.set(key, result);
  return result;
}

/**
 * Check that the steps in a store come from these inputs: steps of other rows would be taken for steps of these. A
 * store without inputs gets them.
 *
 * @param inputs All that the steps depend on, by name; plain JSON.
 */
export async function checkInputs(
  where: string,
  store: StepStore | undefined,
  inputs: () => {[name: string]: unknown},
): Promise<void> {
  if (store === undefined) return;
  if (typeof store?.get !== 'function' || typeof store.set !== 'function')
    throw invalidArgument(where, 'store', 'have functions `get` and `set`', store);
  const given = inputs();
  const known = await remembered(store, 'inputs', async () => given);
  for (const [name, value] of Object.entries(given)) {
    const [now, before] = [value, known[name]].map(input => JSON.stringify(input));
    if (now === before) continue;
    throw new AutofisError(
      `${where}: \`store\` holds steps of another \`${name}\`: ${show(known[name])}. Received: ${show(value)}. ` +
        'Give the same arguments as before, or an empty store.',
    );
  }
}
