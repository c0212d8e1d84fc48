/**
 * Measures the way from files to a trained model: `npm run bench:data`.
 *
 *     --quick       fewer rounds
 *     --json FILE   also writes {machine, rows, bars}
 *     --only NAME   one section: encoders, training
 *
 * A bar that does not hold is shown as such; the exit code stays 0.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {writeText} from '../examples/flights/summary';
import {encoders} from './data/encoders';
import {training} from './data/training';
import {describeMachine} from './machine';
import {Section, sectionText} from './report';

const SECTIONS: Record<string, (context: {quick: boolean, folder: string}) => Promise<Section>> = {encoders, training};

async function main(): Promise<void> {
  const {values} = parseArgs({options: {quick: {type: 'boolean', default: false}, json: {type: 'string'}, only: {type: 'string'}}});
  if (values.only !== undefined && !Object.hasOwn(SECTIONS, values.only)) {
    throw new Error(`--only must be one of ${Object.keys(SECTIONS).join(', ')}. Received: ${values.only}.`);
  }
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-data-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  const sections: Section[] = [];
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (values.only !== undefined && name !== values.only) continue;
    const found = await section({quick: values.quick, folder});
    sections.push(found);
    Object.assign(machine, found.versions);
    console.log(sectionText(found));
  }
  const rows = sections.flatMap(section => section.rows), bars = sections.flatMap(section => section.bars);
  console.log(`\n${bars.filter(bar => bar.holds).length} of ${bars.length} bars hold.`);
  if (values.json !== undefined) await writeText(values.json, `${JSON.stringify({machine, rows, bars}, null, 1)}\n`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
