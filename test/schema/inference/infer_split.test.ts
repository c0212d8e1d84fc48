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

it('a column of parts that is excluded is named, with the option that uses it', () => {
  expect(split([column('kind', 'train', 'test')], {splitColumn: null})).toMatchObject({
    column: 'kind',
    split: {by: 'fraction'},
    assumption: {column: null, alternative: {reading: 'parts by kind', option: 'splitColumn', value: 'kind'}},
  });
});

it.each<[string, string[], object]>([
  ['usage', ['ignored', 'test', 'train'], {train: ['train'], test: ['test']}],
  ['level', ['1', '2', '3'], {train: ['1', '2'], test: ['3']}],
])('%s with %j is used only where it is asked for', (name, values, expected) => {
  const facts = [column('y', '0', '1'), column(name, ...values)];
  expect(split(facts)).toMatchObject({column: null, split: {by: 'fraction'}});
  expect(split(facts, {splitColumn: name})).toMatchObject({
    column: name,
    split: {by: 'column', ...expected},
    assumption: {column: name, alternative: {value: 'none'}},
  });
});

it.each<[string, string[]]>([
  ['country', ['TR', 'VA', 'TE', 'DE']],
  ['vehicle', ['train', 'bus', 'car']],
  ['is_valid', ['0', '1']],
  ['test', ['0', '1']],
  ['is_test', ['0', '1', '2']],
])('%s with %j is not taken for parts', (name, values) => {
  expect(split([column('y', '0', '1'), column(name, ...values)]).split).toMatchObject({by: 'fraction'});
});

it('a flag that is asked for is refused, since its name alone says which rows it marks', () => {
  expect(() => split([column('training_set', '0', '1')], {splitColumn: 'training_set'})).toThrow(
    'test: `splitColumn` must hold words such as train, valid and test, or numbers of three folds or more. ' +
      'training_set holds "0", "1". Name another column, or none.',
  );
});
