import {type FieldRule, fieldSpecs, type FittedSchema, GatedInteraction} from 'tfjs-autofis';
import {Row, saveBundle} from 'tfjs-autofis/bundle';
import {fittedField} from '../internals';
import {ctrModel, someInteractions} from '../contestants/ctr_model';
import {criteoSizes, generateRows} from '../data';

export const MODEL = "slim AutoDeepFM of Criteo's shape: 39 fields, 1 M ids, d 16, MLP 3x400, 178 of 741 pairs";
const V = 1e6;
const NUMBERS = 13;
/** Ids of missing and unseen values come first. */
const FIRST = 2;

/** Criteo's schema: numbers in logarithmic buckets and tokens of eight hexadecimal digits. */
function schema(): FittedSchema {
  const rules = criteoSizes(V).map((size, i) => {
    const name = i < NUMBERS ? `I${i + 1}` : `C${i - NUMBERS + 1}`;
    const rule: FieldRule =
      i < NUMBERS
        ? {type: 'numeric', name, column: name, bucketing: 'logSquared'}
        : {type: 'categorical', name, column: name};
    const values = Array.from({length: size - FIRST}, (_, value) => (i < NUMBERS ? String(value) : token(i, value)));
    return {rule, values};
  });
  return {
    version: 1,
    rows: V,
    schema: {version: 1, label: {column: 'label'}, fields: rules.map(({rule}) => rule)},
    fields: rules.map(({rule, values}) => fittedField(rule, {missing: 0, unseen: 0}, {values})),
  };
}

/** Different for different values: a multiplication by an odd number permutes the integers below 2^32. */
function token(field: number, value: number): string {
  return ((Math.imul(value + 1, 0x9e3779b1) + field) >>> 0).toString(16).padStart(8, '0');
}

/** Saves a bundle of an untrained model: what is measured does not depend on its weights. */
export async function saveCriteoBundle(folder: string): Promise<void> {
  const fitted = schema();
  const fields = fieldSpecs(fitted);
  const model = ctrModel({fields, d: 16, hidden: [400, 400, 400]}, e =>
    new GatedInteraction({interactions: someInteractions(fields.length, 0.24)}).apply(e),
  );
  await saveBundle(folder, {model, fitted});
  model.dispose();
}

/** Raw rows with Zipf-like values, as a client sends them. */
export function criteoRows(count: number): Row[] {
  const {ids, sizes} = generateRows({V, batchSize: count, batches: 1, seed: 3});
  const m = sizes.length;
  return Array.from({length: count}, (_, row) => {
    const values: Record<string, string | number> = {};
    for (let f = 0; f < m; f++) {
      const value = ids[row * m + f] - FIRST;
      if (f < NUMBERS) values[`I${f + 1}`] = Math.max(0, value);
      else if (value >= 0) values[`C${f - NUMBERS + 1}`] = token(f, value);
    }
    return values;
  });
}
