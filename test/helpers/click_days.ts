import path from 'node:path';
import {fieldSpecs, lazyAdam, type Selection} from 'tfjs-autofis';
import {saveBundle} from 'tfjs-autofis/bundle';
import {encode, fitSchema, openShards} from 'tfjs-autofis/data';
import {fm} from 'tfjs-autofis/models';
import {loadTensors} from '../../src/data/shards/load_rows';
import {plainTrainer, trainBySchedule} from '../../src/components/products/trainer';
import {scheduleFor} from '../../src/training/schedule';
import {fileWriter, sharedFolder} from './folders';
import {generator, integers} from './random';

export const schema = {
  version: 1 as const,
  label: {column: 'click'},
  fields: ['site', 'hour', 'device'].map(name => ({type: 'categorical' as const, name, column: name, minCount: 3})),
};

export const base = sharedFolder();
export const written = fileWriter(base);

interface Day {
  rows: number;
  seed: number;
  /** The first site; there are eight. */
  from?: number;
  /** Whether a click comes where none is due, in the older rows. */
  turned?: boolean;
}

/** A day of rows in the order of their time: clicks where site and hour fit, one in ten by chance. */
export function day(name: string, {rows, seed, from = 0, turned = false}: Day): string {
  const next = generator(seed);
  const lines = Array.from({length: rows}, (_, i) => {
    const [site, hour, device, chance] = [8, 6, 3, 10].map(size => integers(next, 1, size)[0]);
    const fits = chance === 0 ? device === 0 : (site + from + hour) % 3 === 0;
    return `${fits !== (turned && i < 0.8 * rows) ? 1 : 0},s${site + from},${hour},d${device},${i}`;
  });
  return written(name, `click,site,hour,device,second\n${lines.join('\n')}\n`);
}

/** A bundle of the pair that decides, trained on a day. */
export async function firstBundle(name: string): Promise<string> {
  const source = day(`${name}.csv`, {rows: 3000, seed: 1});
  const fitted = await fitSchema({source, schema});
  const shards = path.join(base, `${name}-shards`);
  await encode({source, fitted, folder: shards});
  const rows = await loadTensors(await openShards(shards));
  const interaction = [0, 1];
  const selection: Selection = [{fields: ['site', 'hour'], alpha: 1, rank: 1, order: 2, interaction, gate: 0}];
  const options = {fields: fieldSpecs(fitted), embeddingDim: 4, l2: 0.001, seed: 1};
  const model = fm({...options, interactions: [interaction], optimizer: lazyAdam({exact: true})});
  await trainBySchedule(plainTrainer, {
    name,
    purpose: 'slim',
    model,
    train: rows,
    schedule: scheduleFor(3000),
    seed: 1,
  });
  const place = path.join(base, name);
  await saveBundle(place, {model, fitted, selection, metadata: {owner: 'tests'}});
  [model, rows].forEach(each => each.dispose());
  return place;
}
