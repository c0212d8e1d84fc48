import {atLeast, atMost} from '../../benchmarks/bars';
import {cells, digits, markdownTable, reportMarkdown, Section, sectionText} from '../../benchmarks/report';
import {textTable} from '../../src/text_table';

const section: Section = {
  title: 'Step',
  what: 'One step.',
  remark: 'Slow.',
  rows: [
    {
      section: 'Step',
      name: 'ours',
      ms: {median: 100, min: 90.04, max: 120, count: 3},
      examples: 20000,
      ratio: 1,
      note: '',
    },
    {section: 'Step', name: 'a peer', note: 'missing: no Python'},
  ],
  bars: [atMost('good', 0.5, 1), atLeast('bad', 0.5, 1), atLeast('peer / ours', undefined, 1.3)],
};

test('numbers have three digits', () => {
  expect([0, 0.000012, 0.0123, 0.5, 1.234, 45.67, 456.7, 12345, Infinity, NaN].map(digits)).toEqual([
    '0',
    '1.2e-5',
    '0.0123',
    '0.500',
    '1.23',
    '45.7',
    '457',
    '12345',
    'endless',
    'not measured',
  ]);
});

test('a contestant that did not run keeps its line', () => {
  expect(cells(section.rows)).toEqual([
    ['ours', '100', '90.0 - 120', '20,000', '1.00', ''],
    ['a peer', '-', '-', '-', '-', 'missing: no Python'],
  ]);
});

test('tables as text and as Markdown', () => {
  expect(
    textTable(
      ['', 'ms', 'note'],
      [
        ['ours', '5', ''],
        ['a', '10', 'slow'],
      ],
      [0, 2],
    ),
  ).toBe('      ms  note\n----  --  ----\nours   5\na     10  slow');
  expect(markdownTable(['', 'ms', 'note'], [['a|b', '5', '']])).toBe(
    '|  | ms | note |\n|---|--:|---|\n| a\\|b | 5 |  |',
  );
});

test('a bar that does not hold is said on the terminal and in the document', () => {
  const text = sectionText(section);
  expect(text).toContain('holds         good (at most): 0.500 (bar 1)');
  expect(text).toContain('DOES NOT HOLD bad (at least): 0.500 (bar 1)');
  expect(text).toContain('missing: no Python\nSlow.\n');
  expect(text).toContain('DOES NOT HOLD peer / ours (at least): not measured (bar 1.3)');
  const document = reportMarkdown({
    command: 'npm run bench',
    machine: {processor: 'a CPU, 2 cores'},
    sections: [section],
  });
  expect(document).toContain('Written by `npm run bench`.');
  expect(document).toContain('- processor: a CPU, 2 cores');
  expect(document).toContain('| good (at most) | 0.500 | 1 | yes |');
  expect(document).toContain('| bad (at least) | 0.500 | 1 | **no** |');
  expect(document).toContain('## Step\nOne step.');
  expect(document.endsWith('| missing: no Python |\n\nSlow.\n')).toBe(true);
});

test.each([
  ['a card', 'the GPU', false],
  ['a card', 'the processor', true],
  ['none', 'the processor', true],
])('a run with tfjs-node-gpu says first whether a GPU computed: card %s, on %s', (card, on, warns) => {
  const machine = {'graphics card': card, 'ours, native, computed on': on};
  const document = reportMarkdown({command: 'npm run bench:gpu', machine, sections: [section]});
  expect(document.startsWith('# Benchmarks with tfjs-node-gpu\n\n**No GPU')).toBe(warns);
  expect(document).toContain('are on tfjs-node-gpu');
  expect(document).toContain(`- graphics card: ${card}`);
});
