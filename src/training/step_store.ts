/**
 * Where results of finished steps are kept, such as files, so that interrupted work can continue. Values are plain
 * JSON.
 */
export interface StepStore {
  /** What `set` was given, or undefined. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** What the store has under a key, else what `work` gives, which goes there. */
export async function remembered<T>(store: StepStore | undefined, key: string, work: () => Promise<T>): Promise<T> {
  const known = (await store?.get(key)) as T | undefined;
  if (known !== undefined) return known;
  const result = await work();
  await store?.set(key, result);
  return result;
}
