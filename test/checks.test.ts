import {checkChoice, checkInteger, checkKeys, checkNumber} from '../src/checks';
import {AutofisError, invalidArgument, show} from '../src/errors';

const at = ['Thing', 'size'] as const;

describe('checkInteger', () => {
  it('takes integers from the least on', () => {
    expect(() => checkInteger(...at, 1, 1)).not.toThrow();
    expect(() => checkInteger(...at, 0, 0)).not.toThrow();
  });

  it.each([
    [0, '0'],
    [1.5, '1.5'],
    [NaN, 'NaN'],
    ['2', '"2"'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('refuses %p', (value, shown) => {
    expect(() => checkInteger(...at, value, 1)).toThrow(
      new AutofisError(`Thing: \`size\` must be an integer >= 1. Received: ${shown}.`),
    );
  });
});

describe('checkNumber', () => {
  it.each([
    [0, '[0, 1)', true],
    [1, '[0, 1)', false],
    [1, '[0, 1]', true],
    [0, '(0, Infinity)', false],
    [Infinity, '(0, Infinity)', false],
    [1e300, '(0, Infinity)', true],
    [NaN, '[0, 1]', false],
    ['0.5', '[0, 1]', false],
    [-5, '(-Infinity, Infinity)', true],
    [true, '[0, 1]', false],
  ])('%p in %s: %p', (value, interval, holds) => {
    const check = () => checkNumber('Thing', 'rate', value, interval);
    if (holds) expect(check).not.toThrow();
    else expect(check).toThrow(`Thing: \`rate\` must be a number in ${interval}. Received: `);
  });
});

describe('checkChoice', () => {
  it('takes what is listed', () => {
    expect(() => checkChoice('Thing', 'output', 'sum', ['sum', 'each'])).not.toThrow();
  });

  it('lists the choices', () => {
    expect(() => checkChoice('Thing', 'output', 'max', ['sum', 'each'])).toThrow(
      new AutofisError('Thing: `output` must be one of "sum", "each". Received: "max".'),
    );
  });
});

describe('checkKeys', () => {
  it('takes known keys', () => {
    expect(() => checkKeys('Thing', {order: 2}, ['order', 'name'])).not.toThrow();
  });

  it.each([
    [null, 'null'],
    [3, '3'],
    ['a', '"a"'],
  ])('refuses %p in place of options', (value, shown) => {
    expect(() => checkKeys('Thing', value as never, ['order'])).toThrow(
      new AutofisError(`Thing: the options must be an object. Received: ${shown}.`),
    );
  });

  it('refuses a misspelt option and lists the options', () => {
    expect(() => checkKeys('Thing', {ordr: 2}, ['order', 'name'])).toThrow(
      new AutofisError('Thing: `ordr` must not be given: the options are order, name. Received: 2.'),
    );
  });
});

/** An object that JSON cannot write, as those of tfjs are. */
function circle(): object {
  return new (class Circle {
    readonly self = this;
  })();
}

describe('errors', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    ['a', '"a"'],
    [[1, 2], '[1,2]'],
    [function fit() {}, '[function fit]'],
    [Symbol('s'), 'Symbol(s)'],
    [{a: 1}, '{"a":1}'],
    [1n, '1'],
    [circle(), '[object Circle]'],
    [{dataId: {}, shape: [1, 2], dtype: 'int32', kept: false}, 'a tensor [1,2] of int32'],
  ])('show %p', (value, text) => {
    expect(show(value)).toBe(text);
  });

  it('shortens long values to 200 characters', () => {
    const text = show('x'.repeat(500));
    expect(text).toHaveLength(200);
    expect(text.endsWith('xxx...')).toBe(true);
  });

  it('say where, which argument, the rule, what was received and the cure', () => {
    const error = invalidArgument('Layer gate', 'order', 'be 2 or 3', 4, 'Use 3.');
    expect(error.message).toBe('Layer gate: `order` must be 2 or 3. Received: 4. Use 3.');
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('AutofisError');
  });
});
