import {seededRandom} from '../../src/random';
import {shallowModule} from '../../src/wasm/shallow';

const [BETA1, BETA2, RATE, EPSILON] = [0.9, 0.999, 0.01, 1e-7];

/** A table on which the module makes steps: w, g, m and v, one after another. */
function table(start: readonly number[]) {
  const size = start.length;
  const delta = 16 * Math.ceil(size / 4);
  const {module, buffer} = shallowModule(4 * delta);
  const [w, g, m, v] = [0, 1, 2, 3].map(i => new Float32Array(buffer, i * delta, size));
  w.set(start);
  return {
    ...{w, g, m, v},
    step: (decay: number) => module.adam(0, 4 * size, delta, BETA1, 1 - BETA1, BETA2, 1 - BETA2, RATE, EPSILON, decay),
  };
}

// Around the four of a vector, and the 64 vectors whose squares are added up at once.
it.each([1, 3, 4, 7, 255, 256, 259, 1031])('makes the steps of Adam on %d values', size => {
  const random = seededRandom(size);
  const start = Array.from({length: size}, () => Math.fround(random() - 0.5));
  const [w, m, v] = [[...start], Array<number>(size).fill(0), Array<number>(size).fill(0)];
  const found = table(start);
  for (const decay of [0, 0.1, 0.2]) {
    const gradient = start.map(() => Math.fround(random() - 0.5));
    found.g.set(gradient);
    const squares = w.reduce((sum, x) => sum + x * x, 0);
    expect(found.step(decay)).toBeCloseTo(squares, 4);
    gradient.forEach((own, i) => {
      const g = own + decay * w[i];
      m[i] = BETA1 * m[i] + (1 - BETA1) * g;
      v[i] = BETA2 * v[i] + (1 - BETA2) * g * g;
      w[i] -= (RATE * m[i]) / (Math.sqrt(v[i]) + EPSILON);
    });
    found.w.forEach((x, i) => expect(x).toBeCloseTo(w[i], 6));
    expect(found.g.every(x => x === 0)).toBe(true);
  }
});

it('keeps a NaN', () => {
  const found = table(Array<number>(7).fill(0.5));
  found.g.fill(NaN);
  found.step(0);
  for (const each of [found.w, found.m, found.v]) expect([...each]).toEqual(Array(7).fill(NaN));
});
