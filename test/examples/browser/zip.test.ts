import {zip} from '../../../examples/browser/draw/zip';

/** Names and contents, read from the end as the format asks for. */
function unzipped(archive: Uint8Array): Array<[string, string]> {
  const view = new DataView(archive.buffer);
  const end = archive.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  let at = view.getUint32(end + 16, true);
  return Array.from({length: view.getUint16(end + 10, true)}, () => {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const [size, label, local] = [
      view.getUint32(at + 24, true),
      view.getUint16(at + 28, true),
      view.getUint32(at + 42, true),
    ];
    expect(view.getUint32(local, true)).toBe(0x04034b50);
    const from = local + 30 + view.getUint16(local + 26, true);
    const text = (start: number, length: number) => new TextDecoder().decode(archive.subarray(start, start + length));
    const entry: [string, string] = [text(at + 46, label), text(from, size)];
    at += 46 + label;
    return entry;
  });
}

const files = [
  {name: 'report.html', bytes: new TextEncoder().encode('<!doctype html>')},
  {name: 'weights.bin', bytes: new Uint8Array(0)},
  {name: 'Zürich.csv', bytes: new TextEncoder().encode('a,b\n')},
];

it('holds the files in their order', () => {
  expect(unzipped(zip(files))).toEqual([
    ['report.html', '<!doctype html>'],
    ['weights.bin', ''],
    ['Zürich.csv', 'a,b\n'],
  ]);
});

it('has the checksum that the standard gives for "123456789"', () => {
  const archive = zip([{name: 'a', bytes: new TextEncoder().encode('123456789')}]);
  expect(new DataView(archive.buffer).getUint32(14, true)).toBe(0xcbf43926);
});
