import {writeFile} from 'node:fs/promises';
import {SearchStage} from 'tfjs-autofis';
import {openShards, prepare as prepareShards} from 'tfjs-autofis/data';
import {autoFm} from 'tfjs-autofis/models';
import {generator} from '../../helpers/random';

/** What docs/data.md takes as given, and the folder `criteo`. */
export const search = new SearchStage();
export let slim: ReturnType<typeof autoFm>;
export const todaysRows = [
  {site_id: '1fbe01fe', C1: 1005, hour: '14102100'},
  {site_id: 'never seen', C1: null, hour: '14102123'},
];

export async function prepare(): Promise<void> {
  const next = generator(1);
  const one = (values: string[]) => values[Math.floor(next() * values.length)];
  const lines = Array.from({length: 900}, (_, i) =>
    [
      i % 3 === 0 ? 1 : 0,
      ['train', 'train', 'train', 'train', 'valid', 'test'][Math.floor(i / 150)],
      one(['1fbe01fe', '85f751fd', 'c4e18dd6']),
      one(['1005', '1002', '']),
      `141021${String(Math.floor(next() * 24)).padStart(2, '0')}`,
    ].join(),
  );
  await writeFile('clicks.csv', `click,part,site_id,C1,hour\n${lines.join('\n')}\n`);
  await prepareShards({
    source: 'clicks.csv',
    folder: 'criteo',
    progress: false,
    split: {by: 'column', column: 'part', train: ['train'], valid: ['valid'], test: ['test']},
    schema: {
      version: 1,
      label: {column: 'click'},
      fields: [
        {type: 'categorical', name: 'site_id', column: 'site_id', minCount: 1},
        {type: 'categorical', name: 'C1', column: 'C1', minCount: 1},
        {type: 'dateTime', name: 'hour', column: 'hour', format: '%y%m%d%H', part: 'hour'},
      ],
    },
  });
  slim = autoFm({fields: (await openShards('criteo')).fields, embeddingDim: 4, seed: 1});
}
