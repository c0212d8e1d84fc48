import {AutofisError} from '../errors';

const MAGIC = '\x93NUMPY';
/** Bytes before the header's text in format 1.0. */
const START = 10;

/** Whole numbers as NumPy writes them: format 1.0, little-endian `<i8`, one axis. */
export function writeNpy(values: ArrayLike<number>): Uint8Array {
  const dictionary = `{'descr': '<i8', 'fortran_order': False, 'shape': (${values.length},), }`;
  // NumPy aligns the data to 64 bytes and ends the header with a line feed.
  const size = Math.ceil((START + dictionary.length + 1) / 64) * 64;
  const bytes = Buffer.alloc(size + 8 * values.length, ' ');
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt8(1, 6);
  bytes.writeUInt8(0, 7);
  bytes.writeUInt16LE(size - START, 8);
  bytes.write(dictionary, START, 'latin1');
  bytes.write('\n', size - 1, 'latin1');
  for (let i = 0; i < values.length; i++) bytes.writeBigInt64LE(BigInt(values[i]), size + 8 * i);
  return bytes;
}

/** The values of a file of one axis, `<i8` or `<i4`. `where` names the file in errors. */
export function readNpy(where: string, content: Uint8Array): number[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length < START + 2 || bytes.toString('latin1', 0, 6) !== MAGIC) {
    throw new AutofisError(`${where} is not a NumPy file: it must begin with "\\x93NUMPY". Write it by numpy.save.`);
  }
  // Formats 2 and 3 differ only in a longer count of the header's bytes.
  const start = bytes[6] === 1 ? START : START + 2;
  const header = start + (bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  const text = bytes.toString('latin1', start, header);
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(text)?.[1]
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
    .map(Number);
  if (type !== '<i8' && type !== '<i4') {
    throw new AutofisError(
      `${where}: the values must be of type <i8 or <i4. Received: ${type ?? text.trim()}. ` +
        'Save mask.astype("<i8").',
    );
  }
  if (shape?.length !== 1) {
    throw new AutofisError(
      `${where}: the array must have one axis. Received shape: (${shape?.join(', ')}). Save mask.reshape(-1).`,
    );
  }
  const size = type === '<i8' ? 8 : 4;
  if (bytes.length !== header + size * shape[0]) {
    throw new AutofisError(
      `${where}: ${shape[0]} values of type ${type} take ${header + size * shape[0]} bytes with the header. ` +
        `Received: ${bytes.length}. The file is truncated or damaged.`,
    );
  }
  return Array.from({length: shape[0]}, (_, i) =>
    size === 8 ? Number(bytes.readBigInt64LE(header + 8 * i)) : bytes.readInt32LE(header + 4 * i),
  );
}
