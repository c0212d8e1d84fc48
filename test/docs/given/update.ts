import {writeFile} from 'node:fs/promises';
import {fieldSpecs} from 'tfjs-autofis';
import {saveBundle} from 'tfjs-autofis/bundle';
import {fitSchema} from 'tfjs-autofis/data';
import {fm} from 'tfjs-autofis/models';

/** What docs/update.md takes as given: the bundle `bundles/clicks`, and newer rows. */
export async function prepare(): Promise<void> {
  const rows = Array.from({length: 200}, (_, i) => `${i % 3 === 0 ? 1 : 0},s${i % 7},${i % 5}\n`);
  await writeFile('tuesday.csv', `click,site,hour\n${rows.join('')}`);
  const fields = ['site', 'hour'].map(name => ({type: 'categorical' as const, name, column: name}));
  const fitted = await fitSchema({source: 'tuesday.csv', schema: {version: 1, label: {column: 'click'}, fields}});
  const model = fm({fields: fieldSpecs(fitted), embeddingDim: 2, seed: 1});
  await saveBundle('bundles/clicks', {model, fitted});
}
