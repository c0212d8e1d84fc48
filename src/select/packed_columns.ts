import type {FoldComponents} from './component_evidence';

/** Components of a fold as plain JSON. */
export interface PackedComponents {
  components: FoldComponents['components'];
  rows: number;
  /** Their values, column by column: little-endian float32 in base64. */
  values: string;
}

/** Characters are made of this many bytes at a time: more would be too many arguments. */
const CHUNK = 1 << 15;

/** Write components as plain JSON. */
export function packComponents({components, columns}: FoldComponents): PackedComponents {
  const rows = columns[0]?.length ?? 0;
  const all = new Float32Array(rows * columns.length);
  columns.forEach((column, c) => all.set(column, c * rows));
  const bytes = new Uint8Array(all.buffer);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return {components, rows, values: btoa(text)};
}

/** Read what {@link packComponents} wrote. */
export function unpackComponents({components, rows, values}: PackedComponents): FoldComponents {
  const all = new Float32Array(Uint8Array.from(atob(values), character => character.charCodeAt(0)).buffer);
  return {components, columns: components.map((_, c) => all.subarray(c * rows, (c + 1) * rows))};
}
