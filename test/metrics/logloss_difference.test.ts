import {loglossDifference} from 'tfjs-autofis';

describe('loglossDifference', () => {
  it('is the difference of the loglosses, with an error of sd / sqrt(n)', () => {
    // Losses ln 2 and ln 4 against ln 2 and ln 2: differences 0 and ln 2, sd ln 2 / sqrt 2.
    expect(loglossDifference([1, 1], [0.5, 0.25], [0.5, 0.5])).toEqual({
      difference: expect.closeTo(Math.LN2 / 2, 12),
      standardError: expect.closeTo(Math.LN2 / 2, 12),
    });
  });

  it('refuses one row', () => {
    expect(() => loglossDifference([1], [1], [0.5])).toThrow(
      new Error('loglossDifference: needs two rows. Received: 1.'),
    );
  });
});
