import {seededRandom, shuffle} from '../src/random';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, others for another, all in [0, 1)', () => {
    const numbers = (seed: number) => {
      const next = seededRandom(seed);
      return Array.from({length: 1000}, next);
    };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
    expect(numbers(3).every(x => x >= 0 && x < 1)).toBe(true);
    expect(numbers(3).reduce((sum, x) => sum + x, 0) / 1000).toBeCloseTo(0.5, 1);
  });
});

describe('shuffle', () => {
  it('gives every order equally often', () => {
    const next = seededRandom(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = shuffle(['a', 'b', 'c'], next).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Five standard deviations of a count of 1,000.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((1000 * 5) / 6));
  });
});
