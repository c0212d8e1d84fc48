import {labelReader, labelsInWords, parseComparison, positiveInWords} from '../../src/schema/label';
import type {LabelRule} from '../../src/schema/schema';

const words: LabelRule = {column: 'income', positive: ['>50K'], negative: ['<=50K']};
const stars: LabelRule = {column: 'rating', comparison: '>=', threshold: 4};

it.each<[LabelRule, string, 0 | 1 | undefined]>([
  ...['0', '0.0', 'false', 'False', 'FALSE', '0.00'].map(text => [{column: 'y'}, text, 0] as [LabelRule, string, 0]),
  ...['1', '1.0', 'true', 'True', 'TRUE', '1e0'].map(text => [{column: 'y'}, text, 1] as [LabelRule, string, 1]),
  ...['2', '', 'yes', 'fAlse', '0.5', '-1'].map(
    text => [{column: 'y'}, text, undefined] as [LabelRule, string, undefined],
  ),
  [words, '>50K', 1],
  [words, '<=50K', 0],
  [words, '1', undefined],
  [words, '>50k', undefined],
  [words, '', undefined],
  [stars, '4', 1],
  [stars, '4.0', 1],
  [stars, '3.99', 0],
  [stars, 'four', undefined],
  [stars, '', undefined],
  [stars, 'inf', undefined],
  [{column: 'x', comparison: '>', threshold: 4}, '4', 0],
  [{column: 'x', comparison: '<', threshold: 4}, '4', 0],
  [{column: 'x', comparison: '<=', threshold: 4}, '4', 1],
])('by %j the label %j is %p', (rule, text, label) => {
  expect(labelReader(rule)(text)).toBe(label);
});

it('says in words which values are labels, and which one is positive', () => {
  expect([{column: 'y'}, words, stars].map(labelsInWords)).toEqual([
    'labels are 0 and 1',
    'labels are "<=50K" and ">50K"',
    'labels are numbers',
  ]);
  expect([{column: 'y'}, words, stars].map(positiveInWords)).toEqual(['y = 1', 'income = >50K', 'rating >= 4']);
});

it.each([
  ['rating >= 4', stars],
  ['rating>=4', stars],
  [' a b < -0.5 ', {column: 'a b', comparison: '<', threshold: -0.5}],
  ['rating', undefined],
  ['rating >= many', undefined],
  ['>= 4', undefined],
])('parseComparison(%j)', (text, rule) => {
  expect(parseComparison(text)).toEqual(rule);
});
