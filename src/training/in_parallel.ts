/**
 * Run jobs, at most `most` at a time, and give their results in the order of the jobs. Where one fails none is started
 * any more, and its error is thrown when those that run have ended.
 *
 * @param lose What is done with the results of the others where one fails.
 */
export async function inParallel<T extends readonly unknown[]>(
  most: number,
  jobs: {[K in keyof T]: () => Promise<T[K]>},
  lose: (result: T[number]) => void = () => {},
): Promise<T> {
  const results = new Array<unknown>(jobs.length);
  const errors: unknown[] = [];
  let next = 0;
  const take = async (): Promise<void> => {
    while (next < jobs.length && errors.length === 0) {
      const i = next++;
      try {
        results[i] = await jobs[i]();
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({length: Math.min(most, jobs.length)}, take));
  if (errors.length > 0) {
    results.forEach(result => lose(result as T[number]));
    throw errors[0];
  }
  return results as unknown as T;
}
