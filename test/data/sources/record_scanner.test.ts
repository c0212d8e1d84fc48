import {LONGEST_ROW, RecordScanner} from '../../../src/data/sources/record_scanner';

/** Line, text, line end and fault of each row, of text that arrives in two blocks. */
function scan(
  text: string | Buffer,
  width?: number,
  cut = 0,
  form = {separator: ',', quote: '"' as string | null},
): unknown[] {
  const bytes = Buffer.from(text);
  const scanner = new RecordScanner(form, width);
  const rows = [...scanner.records(bytes.subarray(0, cut), false), ...scanner.records(bytes.subarray(cut), true)];
  return rows.map(row => [row.line, row.bytes.toString(), row.lineEnd, row.fault]);
}

describe('rows of text', () => {
  it.each<[string, string, unknown[]]>([
    [
      'line ends of all kinds',
      'a,b\r\nc,d\ne,f\rg,h',
      [
        [1, 'a,b', '\r\n'],
        [2, 'c,d', '\n'],
        [3, 'e,f', '\r'],
        [4, 'g,h', ''],
      ],
    ],
    [
      'line ends within quotes',
      '"a\n\r\n\rb",c\nd,e\n',
      [
        [1, '"a\n\r\n\rb",c', '\n'],
        [5, 'd,e', '\n'],
      ],
    ],
    ['empty lines', '\n\r\na,b\n\n', [[3, 'a,b', '\n']]],
    ['a byte order mark', '\ufeff"a",b\n', [[1, '"a",b', '\n']]],
    ['quotes that stand for one, or within a value', '"a""",b"c\n', [[1, '"a""",b"c', '\n']]],
    ['spaces around quotes', ' "a,\n" ,b\n', [[1, ' "a,\n" ,b', '\n']]],
    ['empty values behind the last column', 'a,b,,""\n', [[1, 'a,b,,""', '\n']]],
    [
      'too few columns',
      'a\nb,c\n',
      [
        [1, 'a', '\n', 'too few columns'],
        [2, 'b,c', '\n'],
      ],
    ],
    [
      'too many columns',
      'a,b,c\nb,c\n',
      [
        [1, 'a,b,c', '\n', 'too many columns'],
        [2, 'b,c', '\n'],
      ],
    ],
    [
      'a broken quote',
      '"a"x,b\n"c",d\n',
      [
        [1, '"a"x,b', '\n', 'broken quote'],
        [2, '"c",d', '\n'],
      ],
    ],
    [
      'a quote in the last line that does not end',
      'a,b\n"c,d\n',
      [
        [1, 'a,b', '\n'],
        [2, '"c,d\n', '', 'broken quote'],
      ],
    ],
    ['a quote that does not end', '"a,b\nc,d\n', [[1, '"a,b\nc,d\n', '', 'open quote']]],
    [
      'a quote that another line ends',
      '"a,b\n"c,d\ne,f\n',
      [
        [1, '"a,b\n"c,d', '\n', 'open quote'],
        [3, 'e,f', '\n'],
      ],
    ],
  ])('%s, wherever a block ends', (_what, text, expected) => {
    const rows = expected.map(row => [...(row as unknown[]), undefined].slice(0, 4));
    for (let cut = 0; cut <= Buffer.byteLength(text); cut++) expect(scan(text, 2, cut)).toEqual(rows);
  });

  it('bytes that are not UTF-8', () => {
    const text = Buffer.from('a,b\nc\xff,d\ne,f', 'latin1');
    expect(scan(text, 2).map(row => (row as unknown[])[3])).toEqual([undefined, 'not UTF-8', undefined]);
  });

  it('one column: an empty line is a row', () => {
    expect(scan('a\n\nb\n', 1).map(row => (row as unknown[])[1])).toEqual(['a', '', 'b']);
  });

  it('without quotes, and with a separator of several bytes', () => {
    const text = '"a::b\n:c::d:\n';
    for (let cut = 0; cut <= text.length; cut++) {
      expect(scan(text, 2, cut, {separator: '::', quote: null})).toEqual([
        [1, '"a::b', '\n', undefined],
        [2, ':c::d:', '\n', undefined],
      ]);
    }
  });

  it.each([
    ['in quotes', '"'],
    ['without quotes', ''],
  ])('a row that is too long %s keeps only its beginning, and its lines count', (_what, quote) => {
    const scanner = new RecordScanner({separator: ',', quote: '"'}, 2);
    const line = quote === '' ? 'x'.repeat(2 ** 20) : `${'x'.repeat(2 ** 20 - 1)}\n`;
    const rows: unknown[] = [];
    const lines = LONGEST_ROW / 2 ** 20 + 2;
    const take = (text: string, isLast = false) => {
      for (const row of scanner.records(Buffer.from(text), isLast)) rows.push([row.line, row.bytes.length, row.fault]);
    };
    take(`a,b\n${quote}`);
    for (let i = 0; i < lines; i++) take(line);
    take(`${quote},b\nc,d\n`, true);
    expect(rows).toEqual([
      [1, 3, undefined],
      [2, 1024, 'too long'],
      [quote === '' ? 3 : 3 + lines, 3, undefined],
    ]);
  });
});
