// Reads JSON lines and a CSV file with a quote that does not end, in turn, as a server would; prints how often both
// went as they should.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {prepare} from '../../src/data/prepare';
import type {Schema} from '../../src/schema/schema';

const schema: Schema = {
  version: 1,
  label: {column: 'y'},
  fields: [{type: 'categorical', name: 'site', column: 'site'}],
};
const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-quotes-'));
const at = (name: string) => path.join(folder, name);
const rows = Array.from({length: 2000}, (_, i) => ({site: `a site with a long name ${i}`, price: i, y: i % 2}));
writeFileSync(at('x.jsonl'), rows.map(row => JSON.stringify(row)).join('\n'));
writeFileSync(
  at('x.csv'),
  `site,price,y\na,1,0\nb,2,1\n"a,1,0\n${rows.map(row => Object.values(row).join(',')).join('\n')}\n`,
);

async function main(): Promise<void> {
  let done = 0;
  for (let turn = 0; turn < 10; turn++) {
    const {manifest} = await prepare({source: at('x.jsonl'), schema, folder: at('shards'), progress: false});
    rmSync(at('shards'), {recursive: true});
    const message = await prepare({
      source: at('x.csv'),
      schema,
      folder: at('shards'),
      progress: false,
      maxRejects: 1e6,
    }).catch((error: Error) => error.message);
    if (
      manifest.parts.train.rows === 2000 &&
      message ===
        `prepare: ${at('x.csv')}, line 4: a quote opens there and is never closed, so the rows ` +
          'after it are lost. Correct the line, or give `quote: null` in the source if quotes have no ' +
          'meaning in this file.'
    )
      done++;
  }
  rmSync(folder, {recursive: true});
  process.stdout.write(String(done));
}

void main();
