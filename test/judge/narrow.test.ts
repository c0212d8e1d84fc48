import {narrow} from '../../src/judge/narrow';

/** How a list of `total` is narrowed of which the sizes that `suffices` are enough; with the sizes that were asked about. */
async function run(total: number, suffices: (size: number) => boolean) {
  const sizes: number[] = [];
  const kept = await narrow(total, async size => { sizes.push(size); return suffices(size); });
  return {kept, sizes};
}

describe('narrow', () => {
  it('finds where a list begins to suffice', async () => {
    expect(await run(15, size => size >= 3)).toEqual({kept: 3, sizes: [7, 3, 1, 2]});
    const {kept} = await run(400, size => size >= 100);
    expect(kept).toBeGreaterThanOrEqual(100);
    expect(kept).toBeLessThanOrEqual(113);
  });

  it('keeps all where all are needed, and one where one is enough', async () => {
    expect((await run(16, () => false)).kept).toBe(16);
    expect((await run(16, () => true)).kept).toBe(1);
    expect(await run(1, () => true)).toEqual({kept: 1, sizes: []});
  });
});
