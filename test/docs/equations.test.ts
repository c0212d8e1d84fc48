import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

/** The numbered equations of the AutoFIS paper that comments name, and what such a comment is about. */
const EQUATIONS: {[number: string]: RegExp} = {
  4: /<w, x>/,
  12: /normalised over the batch/,
  13: /dual averaging/,
  14: /search stage/i,
  15: /retrain stage/i,
};

const files = ['src', 'layers', 'optimizers'].flatMap(folder =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.ts'))
    .map(name => path.join(folder, name)),
);

/** Comments that name an equation of AutoFIS. */
const citations = files.flatMap(file =>
  (readFileSync(file, 'utf8').match(/\/\*\*[^]*?\*\//g) ?? []).flatMap(comment => {
    const text = comment.replace(/\s*\n\s*\*\s?/g, ' ');
    return [...text.matchAll(/AutoFIS, eq\. (\d+(?: and \d+)*)/g)].flatMap(([, numbers]) =>
      numbers.split(' and ').map(number => ({file, number, text})),
    );
  }),
);

describe('equations of the AutoFIS paper', () => {
  it.each(citations)('$file names eq. $number for what it is', ({number, text}) => {
    expect(Object.keys(EQUATIONS)).toContain(number);
    expect(text).toMatch(EQUATIONS[number]);
  });

  it('are all named somewhere', () => {
    expect(new Set(citations.map(({number}) => number))).toEqual(new Set(Object.keys(EQUATIONS)));
  });
});
