import {countedFacts} from '../../../src/schema/inference/column_facts';
import {inferSplit} from '../../../src/schema/inference/infer_split';

const column = (name: string, ...values: string[]) =>
  countedFacts(
    name,
    10 * values.length,
    values.map(value => ({value, count: 10})),
  );
const split = (facts: ReturnType<typeof column>[], options: {splitColumn?: string | null; complete?: boolean} = {}) =>
  inferSplit('test', facts, {label: 'y', seed: 1, complete: true, ...options});
const drawn = {validOfTrain: {fraction: 0.1, seed: 1}};

it.each<[string, string[], object]>([
  ['part', ['tr', 'te'], {train: ['tr'], valid: [], test: ['te'], ...drawn}],
  ['split', ['train', 'holdout'], {train: ['train'], valid: [], test: ['holdout'], ...drawn}],
  ['split', ['train', 'dev', 'test'], {train: ['train'], valid: ['dev'], test: ['test']}],
  ['split', ['train', 'dev'], {train: ['train'], valid: [], test: ['dev'], ...drawn}],
  ['cv_fold', ['0', '1', '2'], {train: ['0', '1'], valid: [], test: ['2'], ...drawn}],
  [
    'Usage',
    ['Training', 'PublicTest', 'PrivateTest'],
    {train: ['Training'], valid: [], test: ['PrivateTest', 'PublicTest'], ...drawn},
  ],
  ['anything', ['TRAIN', 'Test'], {train: ['TRAIN'], valid: [], test: ['Test'], ...drawn}],
])('%s with %j', (name, values, expected) => {
  expect(split([column('y', '0', '1'), column(name, ...values)])).toMatchObject({
    column: name,
    split: {by: 'column', column: name, ...expected},
  });
});

it('words of validation in the first rows of a longer table leave the test to the rows behind them', () => {
  expect(split([column('split', 'train', 'dev')], {complete: false}).split).toMatchObject({
    train: ['train'],
    valid: ['dev'],
    test: expect.arrayContaining(['test', 'te', 'holdout']),
  });
});

it('columns that look like parts and are not used as such are named, with the option that uses them', () => {
  const {column: used, assumptions} = split([
    column('fold', '1', '2', '3'),
    column('set', 'a', 'b'),
    column('kind', 'train', 'test'),
  ]);
  expect(used).toBe('fold');
  expect(assumptions.map(({column, reading, alternative}) => [column, reading, alternative?.value])).toEqual([
    ['fold', 'parts: test is 3, validation is 10 % of the training rows, drawn by seed 1', 'none'],
    ['set', 'not used as parts', undefined],
    ['kind', 'not used as parts', 'kind'],
  ]);
  const none = split([column('kind', 'train', 'test')], {splitColumn: null});
  expect(none).toMatchObject({
    column: 'kind',
    split: {by: 'fraction'},
    assumptions: [{column: null, alternative: {reading: 'parts by kind', option: 'splitColumn', value: 'kind'}}],
  });
});

it.each<[string, string[], string, object]>([
  ['is_test', ['0', '1'], 'its name may mean something else', {train: ['0'], test: ['1']}],
  ['training_set', ['False', 'True'], 'its name may mean something else', {train: ['True'], test: ['False']}],
  [
    'usage',
    ['ignored', 'test', 'train'],
    'it has other values beside words for parts, and their rows would be left out',
    {train: ['train'], test: ['test']},
  ],
])('%s with %j is named, and used where it is asked for', (name, values, why, expected) => {
  const facts = [column('y', '0', '1'), column(name, ...values)];
  expect(split(facts)).toMatchObject({
    column: null,
    split: {by: 'fraction'},
    assumptions: [
      {column: null},
      {column: name, reading: 'not used as parts', why, alternative: {option: 'splitColumn', value: name}},
    ],
  });
  expect(split(facts, {splitColumn: name})).toMatchObject({column: name, split: {by: 'column', ...expected}});
});

it.each<[string, string[]]>([
  ['country', ['TR', 'VA', 'TE', 'DE']],
  ['vehicle', ['train', 'bus', 'car']],
  ['is_valid', ['0', '1']],
  ['test', ['0', '1']],
  ['is_test', ['0', '1', '2']],
])('%s with %j is not taken for parts', (name, values) => {
  expect(split([column('y', '0', '1'), column(name, ...values)]).assumptions).toHaveLength(1);
});

it('numbers are folds only in a column of that name', () => {
  expect(split([column('level', '1', '2', '3')])).toMatchObject({column: null, split: {by: 'fraction'}});
  expect(split([column('level', '1', '2', '3')], {splitColumn: 'level'}).split).toMatchObject({
    train: ['1', '2'],
    test: ['3'],
  });
});
