import type {FieldSpec} from 'tfjs-autofis';

export interface Data {
  fields: FieldSpec[];
  /** [rows, fields], row by row. */
  ids: Int32Array;
  labels: Float32Array;
}

async function download(): Promise<Data> {
  const get = async (file: string) => (await fetch(`/data/${file}`)).arrayBuffer();
  const fields = JSON.parse(new TextDecoder().decode(await get('fields.json'))) as FieldSpec[];
  return {fields, ids: new Int32Array(await get('ids.bin')), labels: new Float32Array(await get('labels.bin'))};
}

let data: Promise<Data> | undefined;

/** The page's rows, fetched once: what a browser keeps of a download does not count towards a search. */
export function fetchData(): Promise<Data> {
  return (data ??= download());
}
