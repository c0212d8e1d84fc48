import {sealed, unsealed} from '../../src/schema/sealed_json';

const value = {name: 'a', list: [1, 0.1, null], deep: {b: 'ü', 3: true}};
const text = JSON.stringify(sealed(value), null, 1);

it('comes back as it was, whatever spaces it is written with', () => {
  expect(unsealed('x.json', JSON.parse(text))).toEqual(value);
  expect(unsealed('x.json', JSON.parse(text.replaceAll('\n', '')))).toEqual(value);
});

it('no change of a character that leaves it JSON stays unseen', () => {
  for (let i = 0; i < text.length; i++) {
    const changed = `${text.slice(0, i)}${text[i] === '7' ? '8' : '7'}${text.slice(i + 1)}`;
    let parsed: object;
    try {
      parsed = JSON.parse(changed) as object;
    } catch {
      continue;
    }
    if (!Object.hasOwn(parsed, 'sha256')) continue;
    expect(() => unsealed('x.json', parsed)).toThrow('x.json is damaged: its content does not match its SHA-256.');
  }
});

it.each([[[1]], [null], ['a'], [{name: 'a'}]])('%j has no seal and passes', other => {
  expect(unsealed('x.json', other)).toEqual(other);
});
