import {read} from './markdown';

const ROOMS = [
  'Products and layers',
  'Tables and optimizers',
  'Stages and selection',
  'Training',
  'Native and wasm',
  'Data',
  'Schema',
  'Export and bundle',
  'Report and record',
  'Command line',
  'Browser',
  'Tests',
];
const PARTS = ['**Context.**', '**Choice.**', '**Cost.**'];
const WORDS = 120;

const [, ...rooms] = read('docs/decisions.md').split(/^## /m);
const entries = rooms.flatMap(room =>
  room
    .split(/^### /m)
    .slice(1)
    .map(entry => {
      const [title, ...lines] = entry.trim().split('\n');
      const paragraphs = lines.filter(line => line !== '');
      return {title, paragraphs, words: paragraphs.join(' ').split(/\s+/).length};
    }),
);

describe('docs/decisions.md', () => {
  it('has its rooms in their order, each with entries and nothing else', () => {
    expect(rooms.map(room => room.split('\n')[0])).toEqual(ROOMS);
    expect(rooms.filter(room => !/^[^\n]+\n\n### /.test(room))).toEqual([]);
    expect(entries.length).toBeGreaterThan(80);
  });

  it('has one entry of each name', () => {
    const titles = entries.map(({title}) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it.each(entries)(`$title: context, choice and cost, in at most ${WORDS} words`, ({paragraphs, words}) => {
    expect(paragraphs.map(paragraph => paragraph.split(' ')[0])).toEqual(PARTS);
    expect(words).toBeLessThanOrEqual(WORDS);
  });
});
