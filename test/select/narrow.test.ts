import {narrow, narrowFrom} from '../../src/select/narrow';

/** How a list of `total` is narrowed of which the sizes that `suffices` are enough; with the sizes that were asked about. */
async function run(total: number, suffices: (size: number) => boolean, tooFew?: number) {
  const sizes: number[] = [];
  const kept = await narrow(total, async size => { sizes.push(size); return suffices(size); }, tooFew);
  return {kept, sizes};
}

describe('narrow', () => {
  it('finds where a list begins to suffice', async () => {
    expect(await run(15, size => size >= 3)).toEqual({kept: 3, sizes: [7, 3, 1, 2]});
    const {kept} = await run(400, size => size >= 100);
    expect(kept).toBeGreaterThanOrEqual(100);
    expect(kept).toBeLessThanOrEqual(113);
  });

  it('asks about no size that is known to be too few', async () => {
    expect(await run(20, size => size >= 17, 12)).toEqual({kept: 18, sizes: [16, 18]});
    expect(await run(3, () => true, 2)).toEqual({kept: 3, sizes: []});
  });

  it('keeps all where all are needed, and one where one is enough', async () => {
    expect((await run(16, () => false)).kept).toBe(16);
    expect((await run(16, () => true)).kept).toBe(1);
    expect(await run(1, () => true)).toEqual({kept: 1, sizes: []});
  });
});

describe('narrowFrom', () => {
  async function runFrom(guess: number, total: number, least: number, wholeSuffices = true) {
    const sizes: number[] = [];
    const kept = await narrowFrom(guess, total, async size => { sizes.push(size); return size >= least; }, () => wholeSuffices);
    return {kept, sizes};
  }

  it('asks about the guess alone where that suffices', async () => {
    expect(await runFrom(5, 20, 5)).toEqual({kept: 5, sizes: [5]});
    expect(await runFrom(20, 20, 20)).toEqual({kept: 20, sizes: []});
  });

  it('else about what lies between it and the whole list, if that suffices', async () => {
    expect(await runFrom(12, 20, 17)).toEqual({kept: 18, sizes: [12, 16, 18]});
    expect(await runFrom(12, 20, 17, false)).toEqual({kept: 20, sizes: [12]});
  });
});
