import {AutofisError} from '../../../src/errors';
import {countedFacts} from '../../../src/schema/inference/column_facts';
import {inferLabel, type LabelOptions} from '../../../src/schema/inference/infer_label';

const label = (counts: {[value: string]: number}, options: LabelOptions = {}, rows?: number) => {
  const counted = Object.entries(counts).map(([value, count]) => ({value, count}));
  return inferLabel(
    'test',
    [countedFacts('y', rows ?? counted.reduce((sum, {count}) => sum + count, 0), counted)],
    options,
  );
};

it.each<[{[value: string]: number}, string]>([
  [{yes: 10, no: 90}, 'yes'],
  [{yes: 90, no: 10}, 'yes'],
  [{Y: 90, N: 10}, 'Y'],
  [{t: 90, f: 10}, 't'],
  [{'1': 90, '2': 10}, '2'],
  [{'2': 90, '1': 10}, '2'],
  [{'-1': 10, '1': 90}, '1'],
  [{'not churned': 10, churned: 90}, 'churned'],
  [{inactive: 10, active: 90}, 'active'],
  [{unpaid: 10, paid: 90}, 'paid'],
  [{'Non-smoker': 10, smoker: 90}, 'smoker'],
  [{'+': 90, '-': 10}, '+'],
])('of %j, %s is positive', (counts, positive) => {
  const [other] = Object.keys(counts).filter(value => value !== positive);
  const {rule, assumption} = label(counts, {label: 'y'});
  expect(rule).toEqual({column: 'y', positive: [positive], negative: [other]});
  expect(assumption).toMatchObject({
    column: 'y',
    reading: `label: y = ${positive}`,
    alternative: {reading: `label: y = ${other}`, option: 'positiveLabel', value: other},
    isDoubtful: false,
  });
});

it.each(['cat dog', 'ill still', 'man woman', 'f m', 'T M', 'ja nein'])(
  'of %s, neither of which is a yes, the rarer one is positive, and worth a look',
  pair => {
    const [rare, frequent] = pair.split(' ');
    const {rule, assumption} = label({[rare]: 10, [frequent]: 90}, {label: 'y'});
    expect(rule).toEqual({column: 'y', positive: [rare], negative: [frequent]});
    expect(assumption).toMatchObject({
      why: `it was named; neither reads as a yes, and ${rare} is not more frequent than ${frequent}`,
      isDoubtful: true,
    });
  },
);

it('0 and 1, false and true need no list of values', () => {
  expect(label({'0': 9, '1': 1}).rule).toEqual({column: 'y'});
  const {rule, assumption} = label({False: 9, True: 1});
  expect(rule).toEqual({column: 'y'});
  expect(assumption).toMatchObject({reading: 'label: y = True', alternative: {reading: 'label: y = False'}});
});

it('the positive value can be named, also one of several', () => {
  expect(label({yes: 10, no: 90}, {positiveLabel: 'no'}).rule).toEqual({
    column: 'y',
    positive: ['no'],
    negative: ['yes'],
  });
  expect(label({'0': 9, '1': 1}, {positiveLabel: '0'}).rule).toEqual({column: 'y', positive: ['0'], negative: ['1']});
  expect(label({red: 10, green: 20, blue: 30}, {positiveLabel: 'red'}).rule).toEqual({
    column: 'y',
    positive: ['red'],
    negative: ['blue', 'green'],
  });
});

it('a numeric label is compared', () => {
  const {rule, assumption} = label({'1': 5, '3': 5, '4': 5, '5': 5}, {label: 'y >= 4'});
  expect(rule).toEqual({column: 'y', comparison: '>=', threshold: 4});
  expect(assumption).toMatchObject({column: 'y', reading: 'label: y >= 4', why: 'it was named', alternative: null});
});

it.each<[string, {[value: string]: number}, LabelOptions, string]>([
  [
    'numbers without a comparison',
    {'1': 5, '3': 5, '4': 5},
    {},
    'test: the label y must hold two values. It holds "1", "3", "4". ' +
      'Compare it, such as "y >= 3", set one apart from the others by `positiveLabel`, such as 1, ' +
      'or name another column.',
  ],
  [
    'words of which none is named',
    {red: 5, green: 5, blue: 6},
    {},
    'test: the label y must hold two values. It holds "blue", "green", "red". ' +
      'Say which of them is positive by `positiveLabel`, such as blue, or name another column.',
  ],
  ['one value', {yes: 5}, {}, 'test: the label y is yes in each of the first 5 rows. A model needs 0 and 1.'],
  [
    'an unknown positive value',
    {yes: 5, no: 5},
    {positiveLabel: 'si'},
    'test: `positiveLabel` must be a value of y. Received: "si". It holds "no", "yes".',
  ],
  [
    'a positive value of a comparison',
    {'1': 5, '4': 5},
    {label: 'y > 3', positiveLabel: '4'},
    'test: `positiveLabel` does not go with the comparison y > 3. Give one of the two.',
  ],
  [
    'a comparison of words',
    {red: 5, blue: 6},
    {label: 'y > 3'},
    'test: the label y > 3 must compare numbers. y holds "blue".',
  ],
  [
    'a comparison of another column',
    {red: 5, blue: 6},
    {label: 'z > 3'},
    'test: `label` must be a column. Received: "z > 3". The columns are: "y".',
  ],
  [
    'a comparison that no row meets',
    {'0.5': 5, '5': 5},
    {label: 'y > 9'},
    'test: the label y > 9 is 0 in each row, since y is from 0.5 to 5. A model needs 0 and 1. ' +
      'Compare it with another number, or name another column.',
  ],
  ['a comparison that each row meets', {'5': 5}, {label: 'y <= 9'}, 'y <= 9 is 1 in each row, since y is always 5.'],
  [
    'three classes, two of which are 0 and 1',
    {'0': 59, '1': 71, '2': 48},
    {},
    'test: the label y must hold two values. It holds "1", "0", "2". Compare it, such as "y >= 1"',
  ],
])('refuses %s', (_what, counts, options, message) => {
  expect(() => label(counts, options)).toThrow(message);
});

it.each<[string, {[value: string]: number}]>([
  ['one of few rows', {'0': 20, '1': 9, '2': 1}],
  ['one of a hundred rows', {'0': 700, '1': 290, '2': 6, x: 4}],
])('a third value in %s is a mistake, left to the encoder', (_what, counts) => {
  expect(label(counts).rule).toEqual({column: 'y'});
});

it.each<[{[value: string]: number}, string]>([
  [{yes: 5, no: 6}, ''],
  [{yes: 5, no: 6, maybe: 2}, '; "no", "maybe" count as 0'],
])('names the values that count as 0 beside yes: %j', (counts, more) => {
  expect(label(counts, {positiveLabel: 'yes'}).assumption.why).toBe(`it is called y; yes was named as positive${more}`);
});

it.each<[string, string[], string]>([
  [
    'a wrong separator',
    ['site,age,y'],
    'The columns are: "site,age,y". This is one column, whose name holds ",": give the `separator` of the columns.',
  ],
  ['a misspelt name', ['site', 'yy'], 'The columns are: "site", "yy".'],
  ['an index without a name', ['column 1', 'site', 'age'], 'The columns are: "column 1", "site", "age".'],
  ['a table without a header', ['column 1', 'column 2'], 'The columns are: "column 1", "column 2".'],
  ['a space in front', ['site', ' y'], 'The columns are: "site", " y". Did you mean " y"?'],
])('the columns show %s', (_what, names, message) => {
  const facts = names.map(name => countedFacts(name, 1, [{value: '1', count: 1}]));
  expect(() => inferLabel('test', facts, {label: 'y'})).toThrow(
    new AutofisError(`test: \`label\` must be a column. Received: "y". ${message}`),
  );
});

it('the nearest column is proposed for a misspelt one', () => {
  const facts = ['island', 'species'].map(name => countedFacts(name, 1, [{value: '1', count: 1}]));
  expect(() => inferLabel('test', facts, {label: 'spceies'})).toThrow('Did you mean "species"?');
  expect(() => inferLabel('test', facts, {label: 'spceies > 3'})).toThrow('Did you mean "species"?');
  expect(() => inferLabel('test', facts, {label: 'clicked'})).toThrow(/"island", "species"\.$/);
});
