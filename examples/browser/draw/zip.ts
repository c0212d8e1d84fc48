import type {NamedFile} from '../protocol';

/** CRC-32 of each byte. */
const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 1980, the first day that the format knows: the same files give the same bytes. */
const DATE = 0x21;

/** Numbers of 2 or 4 bytes, the least significant byte first. */
function numbers(...parts: ReadonlyArray<readonly [bytes: 2 | 4, value: number]>): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(([bytes, value]) => Array.from({length: bytes}, (_, i) => (value >>> (8 * i)) & 255)),
  );
}

/** An archive of files, not compressed, in their order (PKWARE's APPNOTE, version 2.0). */
export function zip(files: readonly NamedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (...own: Uint8Array[]) =>
    own.forEach(part => {
      parts.push(part);
      at += part.length;
    });
  for (const {name, bytes} of files) {
    const label = new TextEncoder().encode(name);
    const size = bytes.length;
    const shared = [
      [2, FLAGS],
      [2, 0],
      [2, 0],
      [2, DATE],
      [4, crc32(bytes)],
      [4, size],
      [4, size],
      [2, label.length],
      [2, 0],
    ] as const;
    directory.push(
      numbers([4, CENTRAL], [2, VERSION], [2, VERSION], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]),
      label,
    );
    add(numbers([4, LOCAL], [2, VERSION], ...shared), label, bytes);
  }
  const start = at;
  add(...directory);
  const count = files.length;
  add(numbers([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, at - start], [4, start], [2, 0]));
  const archive = new Uint8Array(at);
  let to = 0;
  for (const part of parts) {
    archive.set(part, to);
    to += part.length;
  }
  return archive;
}
