import {inParallel} from '../../src/select/in_parallel';

const later = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

describe('inParallel', () => {
  it('gives results in the order of the jobs, and runs no more at a time than it may', async () => {
    let running = 0;
    let most = 0;
    const job = (i: number) => async () => {
      most = Math.max(most, ++running);
      await later(5 - i);
      running--;
      return i;
    };
    expect(await inParallel(2, [0, 1, 2, 3, 4].map(job))).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    expect(await inParallel(3, [])).toEqual([]);
  });

  it('throws the first error when what runs has ended, and begins nothing more', async () => {
    const done: string[] = [];
    const jobs = [
      async () => {
        await later(5);
        done.push('slow');
      },
      async () => {
        throw new Error('no');
      },
      async () => void done.push('third'),
    ];
    await expect(inParallel(2, jobs)).rejects.toThrow('no');
    expect(done).toEqual(['slow']);
  });
});
