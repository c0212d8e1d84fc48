import {FileHandle, open} from 'node:fs/promises';
import type * as Arrow from 'apache-arrow';
import {AutofisError} from '../../errors';
import {loadArrow} from '../sql/packages';
import type {Manifest} from './manifest';

/** Type in which a label, weight or group is stored. */
export type ValueType = 'float32' | 'int32' | 'uint8' | 'int8';

/** Neighbouring rows of a file, and where their values begin in it, in bytes. */
export interface Chunk {
  rows: number;
  ids: number;
  label: number;
  weight?: number;
  group?: number;
}

/** Columns of a shard, as its manifest has them. */
type ShardColumns = Pick<Manifest, 'columns' | 'weights' | 'groups'>;

/** Where the rows of a shard lie. */
export interface ShardLayout {
  rows: number;
  labelType: ValueType;
  chunks: Chunk[];
}

const MAGIC = 'ARROW1';
const CURE = 'Encode the data again, or rewrite this file as docs/data.md describes.';

/**
 * Find out where the values of an Arrow IPC file lie, so that any range of rows can be read straight from the disk;
 * reads none of them.
 * @throws AutofisError if it is not complete or not laid out as a shard is: columns `ids`, a fixed-size list of
 * `columns` int32, `label`, float32, uint8 or int8, `weight`, float32, if `weights`, and `group`, int32, if `groups`;
 * no nulls, no compression.
 */
export async function readLayout(file: string, form: ShardColumns): Promise<ShardLayout> {
  const arrow = await loadArrow('openShards');
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw wrong(file, error.code === 'ENOENT' ? 'is missing' : `cannot be opened (${error.message})`);
  });
  try {
    return await layoutOf(arrow, file, handle, form);
  } finally {
    await handle.close();
  }
}

function wrong(file: string, what: string): AutofisError {
  return new AutofisError(`openShards: ${file} ${what}. ${CURE}`);
}

async function layoutOf(
  arrow: typeof Arrow,
  file: string,
  handle: FileHandle,
  form: ShardColumns,
): Promise<ShardLayout> {
  const {columns} = form;
  const {size} = await handle.stat();
  const text = async (at: number) => (at < 0 ? '' : (await bytes(file, handle, at, MAGIC.length)).toString('latin1'));
  if (size === 0) throw wrong(file, 'is empty');
  if ((await text(0)) !== MAGIC) throw wrong(file, 'is not in the Arrow IPC file format');
  if ((await text(size - MAGIC.length)) !== MAGIC) throw wrong(file, 'is truncated: its end is missing');
  // The reader closes the handle that it gets.
  const reader = await arrow.RecordBatchReader.from(await open(file));
  try {
    await reader.open();
    const {schema} = reader;
    const names = schema.fields.map(field => field.name);
    checkColumns(file, names, form);
    const described = schema.fields.map(field => describe(arrow, file, field, columns));
    const chunks: Chunk[] = [];
    for (const block of reader.footer!.recordBatches()) {
      const {offset, metaDataLength, bodyLength} = block;
      if (Math.min(offset, metaDataLength, bodyLength) < 0) throw wrong(file, 'has a damaged list of blocks');
      if (offset + metaDataLength + bodyLength > size) throw wrong(file, 'is truncated: rows are missing');
      chunks.push(await chunkOf(arrow, file, handle, block, described));
    }
    return {
      rows: chunks.reduce((sum, chunk) => sum + chunk.rows, 0),
      chunks,
      labelType: described[names.indexOf('label')].type,
    };
  } catch (error) {
    if (error instanceof AutofisError) throw error;
    throw wrong(file, `is damaged (${(error as Error).message})`);
  } finally {
    await reader.cancel();
  }
}

async function bytes(file: string, handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const {bytesRead} = await handle.read(buffer, 0, length, at);
  if (bytesRead < length) throw wrong(file, 'is truncated');
  return buffer;
}

function checkColumns(file: string, names: readonly string[], {weights, groups}: ShardColumns): void {
  const wanted = [...(groups ? ['group'] : []), 'ids', 'label', ...(weights ? ['weight'] : [])];
  if ([...names].sort().join() !== wanted.join()) {
    throw wrong(file, `must have the columns ${wanted.join(', ')}, and has ${names.join(', ') || 'none'}`);
  }
}

/** A column of a shard, whose values are of one type. */
interface Column {
  name: Exclude<keyof Chunk, 'rows'>;
  type: ValueType;
  isList: boolean;
  /** Size of one row's values. */
  bytes: number;
}

/** Check the type of a column. */
function describe(arrow: typeof Arrow, file: string, {name, type}: Arrow.Field, columns: number): Column {
  const {DataType, Precision} = arrow;
  const isInt32 = (value: Arrow.DataType) => DataType.isInt(value) && value.bitWidth === 32 && value.isSigned;
  const isList = DataType.isFixedSizeList(type) && isInt32(type.valueType) && type.listSize === columns;
  const isFloat = DataType.isFloat(type) && type.precision === Precision.SINGLE;
  const byte = DataType.isInt(type) && type.bitWidth === 8 && (type.isSigned ? 'int8' : 'uint8');
  const [holds, rule] = {
    ids: [isList, `a fixed-size list of ${columns} int32, as the manifest says`],
    label: [isFloat || byte !== false, 'float32, uint8 or int8'],
    weight: [isFloat, 'float32'],
    group: [isInt32(type), 'int32'],
  }[name as Column['name']] as [boolean, string];
  if (!holds) throw wrong(file, `holds the column ${name} as ${String(type)}; it must be ${rule}`);
  const valueType = byte || (isFloat ? 'float32' : 'int32');
  return {name: name as Column['name'], type: valueType, isList, bytes: (byte ? 1 : 4) * (isList ? columns : 1)};
}

async function chunkOf(
  arrow: typeof Arrow,
  file: string,
  handle: FileHandle,
  {offset, metaDataLength, bodyLength}: {offset: number; metaDataLength: number; bodyLength: number},
  columns: readonly Column[],
): Promise<Chunk> {
  const metadata = await bytes(file, handle, offset, metaDataLength);
  // Before the metadata come its length and, since Arrow 0.15, four bytes of ones.
  const message = arrow.Message.decode(metadata.subarray(metadata.readInt32LE(0) === -1 ? 8 : 4));
  if (!message.isRecordBatch()) throw wrong(file, 'is damaged (a block of its list holds no rows)');
  const batch = message.header();
  if (batch.compression !== null) throw wrong(file, 'is compressed, but rows of shards must be readable in any order');
  const chunk: Chunk = {rows: batch.length, ids: 0, label: 0};
  let [node, buffer] = [0, 0];
  for (const {name, isList, bytes: rowBytes} of columns) {
    // Each column has a node and a buffer of nulls, a list also those of its items; the values come after these.
    const nodes = batch.nodes.slice(node, (node += isList ? 2 : 1));
    const {offset: start} = batch.buffers[(buffer += isList ? 2 : 1)];
    buffer++;
    if (!(batch.length >= 0 && start >= 0 && start + batch.length * rowBytes <= bodyLength)) {
      throw wrong(file, `is damaged (a block holds fewer values of ${name} than it says)`);
    }
    if (nodes.some(({nullCount}) => nullCount > 0)) throw wrong(file, `has nulls in the column ${name}`);
    chunk[name] = offset + metaDataLength + start;
  }
  return chunk;
}
