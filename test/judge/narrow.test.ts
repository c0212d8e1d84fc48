import {narrow} from '../../src/judge/narrow';

/** How a list of `total` is narrowed whose quality is what `of` says; with the sizes that were measured. */
async function run(total: number, of: (size: number) => number, tolerance = 0.001) {
  const sizes: number[] = [];
  const kept = await narrow(total, of(total), tolerance, async size => { sizes.push(size); return of(size); });
  return {kept, sizes};
}

describe('narrow', () => {
  it('finds where quality begins to fall', async () => {
    expect(await run(15, size => size < 3 ? 0.7 + 0.1 * size : 1 - 0.005 * size)).toEqual({kept: 3, sizes: [7, 3, 1, 2]});
    const {kept} = await run(400, size => Math.min(size, 100));
    expect(kept).toBeGreaterThanOrEqual(100);
    expect(kept).toBeLessThanOrEqual(113);
  });

  it('keeps all where all are needed, and one where one is enough', async () => {
    expect((await run(16, size => size)).kept).toBe(16);
    expect((await run(16, () => 1)).kept).toBe(1);
    expect(await run(1, () => 1)).toEqual({kept: 1, sizes: []});
  });

  it('takes quality within the tolerance for equal', async () => {
    expect((await run(8, size => 1 - 0.0001 * (8 - size))).kept).toBe(1);
    expect((await run(8, size => 1 - 0.01 * (8 - size))).kept).toBe(8);
  });
});
