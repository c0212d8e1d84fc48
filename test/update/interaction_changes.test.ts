import type {Selection} from 'tfjs-autofis';
import {changesInWords, interactionChanges} from '../../src/update/interaction_changes';

const selection = (...names: string[]): Selection =>
  names.map((name, i) => ({
    gate: 0,
    order: name.split(' x ').length as 2 | 3,
    interaction: [i, i + 1],
    fields: name.split(' x '),
    alpha: 1,
  })) as Selection;

test('a difference of names, whatever the order of fields and interactions', () => {
  const changes = interactionChanges(selection('a x b', 'b x c', 'a x b x c'), selection('c x b', 'd x e', 'a x b'));
  expect(changes).toEqual({added: [['d', 'e']], gone: [['a', 'b', 'c']]});
  expect(changesInWords(changes)).toBe(
    'Interactions by name, compared with the old model: 1 new (d x e), 1 gone (a x b x c).',
  );
});

test('names that hold a cross are not taken for others', () => {
  const one = [{...selection('a x b')[0], fields: ['a x b', 'c']}];
  const other = [{...selection('a x b')[0], fields: ['a', 'b x c']}];
  expect(interactionChanges(one, other)).toEqual({added: [['a', 'b x c']], gone: [['a x b', 'c']]});
});

test('a line names ten at most', () => {
  const many = selection(...Array.from({length: 12}, (_, i) => `a x ${i}`));
  expect(changesInWords(interactionChanges([], many))).toMatch(/: 12 new \(a x 0, .*, a x 9, and 2 more\)\.$/);
  expect(changesInWords(interactionChanges(many, many))).toBe('Its interactions are those of the old model.');
});
