import {createHash} from 'node:crypto';
import {sha256} from '../../src/schema/sha256';

const node = (text: string) => createHash('sha256').update(text).digest('hex');

it('equals the vector of FIPS 180-4', () => {
  expect(sha256(['abc'])).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it("equals node's digest at every length around the edge of a block, whatever the pieces", () => {
  for (let length = 0; length < 140; length++) {
    const text = 'aé'.repeat(length).slice(0, length);
    expect(sha256([text])).toBe(node(text));
    expect(sha256([text.slice(0, 3), text.slice(3, 70), text.slice(70)])).toBe(node(text));
  }
});
