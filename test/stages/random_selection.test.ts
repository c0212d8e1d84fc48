import type * as tfl from '@tensorflow/tfjs-layers';
import {randomSelection, retrainModel, selectionOf} from 'tfjs-autofis';
import {gatedModel} from '../helpers/models';

describe('randomSelection', () => {
  let model: tfl.LayersModel;
  beforeAll(() => {
    model = gatedModel();
  });
  afterAll(() => model.dispose());
  const names = (seed: number, size = 3) => randomSelection(model, {size, seed}).map(s => s.interaction.join());

  it('gives as many different interactions as asked, the same for the same seed', () => {
    expect(new Set(names(1)).size).toBe(3);
    expect(names(1)).toEqual(names(1));
    expect(names(1, 6)).toEqual(['0,1', '0,2', '0,3', '1,2', '1,3', '2,3']);
  });

  it('draws each interaction equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) names(seed).forEach(name => counts.set(name, (counts.get(name) ?? 0) + 1));
    expect(counts.size).toBe(6);
    // Each is in half of the sets; five standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 300)).toBeLessThan(5 * Math.sqrt(150));
  });

  it('is a selection that retrainModel takes', () => {
    const selection = randomSelection(model, {size: [2], seed: 4});
    expect(selection[0]).toMatchObject({rank: 1, order: 2, gate: 0});
    expect(selection[0].alpha).toBeCloseTo(0.6);
    expect(selection).toHaveLength(2);
    const slim = retrainModel(model, selection, {alpha: 'warm'});
    expect(selectionOf(slim).map(s => s.fields)).toEqual(selection.map(s => s.fields));
    slim.dispose();
  });

  it.each([-1, 7, 1.5])('refuses the size %p', size => {
    expect(() => names(1, size)).toThrow(
      new Error(
        `randomSelection: \`size\` must be an integer from 0 to 6, the number of interactions. Received: ${size}.`,
      ),
    );
  });

  it.each([[[2, 3]], [null]])('refuses the sizes %p of one gate', size => {
    expect(() => names(1, size as never)).toThrow(
      new Error(
        'randomSelection: `size` must be a number, or a list of 1: one for each gate. ' +
          `Received: ${JSON.stringify(size)}.`,
      ),
    );
  });

  it('refuses gates that start at 0, whose sets would have no alpha', () => {
    const closed = gatedModel({alphaInit: 0});
    expect(() => randomSelection(closed, {size: 2, seed: 1})).toThrow(
      new Error(
        `randomSelection: gate gate starts at \`alphaInit\` 0, where every gate is ` +
          'closed and the threshold, measured ' +
          'in units of this start, would be 0. Build GatedInteraction with another `alphaInit`; the default is 0.6.',
      ),
    );
    closed.dispose();
  });
});
