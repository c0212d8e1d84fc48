import fc from 'fast-check';
import {Checksummer} from '../../src/wasm/checksum';

const summer = new Checksummer();
const K = 0x9e3779b97f4a7c15n;

it('is the sum of words by their places, of any number of words', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), {maxLength: 70}), fc.nat(2 ** 31 - 1), (words, place) => {
      const plain = words.reduce((sum, word, i) => sum + BigInt(word >>> 0) * (1n + K * BigInt(place + i)), 0n);
      expect(summer.sum(Int32Array.from(words), place)).toBe(BigInt.asUintN(64, plain));
    }),
    {seed: 1, numRuns: 300},
  );
});

it('of arrays behind each other is that of all words, more than the memory had', () => {
  const words = Int32Array.from({length: 100_003}, (_, i) => Math.imul(i, i) - 5 * i);
  const half = 50_001;
  const parts = summer.sum(words.subarray(0, half), 0) + summer.sum(words.subarray(half), half);
  expect(BigInt.asUintN(64, parts)).toBe(summer.sum(words, 0));
});

it('sees every change of one bit, and of the same bit in two words', () => {
  const words = new Int32Array(30);
  const sound = summer.sum(words, 7);
  for (let bit = 0; bit < 32; bit++) {
    for (let i = 0; i < words.length; i++) {
      words[i] ^= 1 << bit;
      expect(summer.sum(words, 7)).not.toBe(sound);
      for (let j = 0; j < i; j++) {
        words[j] ^= 1 << bit;
        if (summer.sum(words, 7) === sound) throw new Error(`bit ${bit} of the words ${i} and ${j}`);
        words[j] ^= 1 << bit;
      }
      words[i] ^= 1 << bit;
    }
  }
});
