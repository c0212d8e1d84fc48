import {remembered, type StepStore} from '../training/step_store';
import {decoded} from '../wasm/decoded';
import type {FoldComponents} from './component_evidence';

/** Components of a fold as plain JSON. */
interface PackedComponents {
  components: FoldComponents['components'];
  rows: number;
  /** Their values, column by column: little-endian float32 in base64. */
  values: string;
}

/** Characters are made of this many bytes at a time: more would be too many arguments. */
const CHUNK = 1 << 15;

/** Return the components stored under a key; if there are none, compute and store them. */
export async function rememberedComponents(
  store: StepStore | undefined,
  key: string,
  work: () => Promise<FoldComponents>,
): Promise<FoldComponents> {
  if (store === undefined) return work();
  return unpackComponents(await remembered(store, key, async () => packComponents(await work())));
}

/** Write components as plain JSON. */
function packComponents({components, columns}: FoldComponents): PackedComponents {
  const rows = columns[0]?.length ?? 0;
  const all = new Float32Array(rows * columns.length);
  columns.forEach((column, c) => all.set(column, c * rows));
  const bytes = new Uint8Array(all.buffer);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return {components, rows, values: btoa(text)};
}

/** Read what {@link packComponents} wrote. */
function unpackComponents({components, rows, values}: PackedComponents): FoldComponents {
  const all = new Float32Array(decoded(values).buffer);
  return {components, columns: components.map((_, c) => all.subarray(c * rows, (c + 1) * rows))};
}
