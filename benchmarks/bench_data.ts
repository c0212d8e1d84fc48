/**
 * Measures the way from files to a trained model: `npm run bench:data`.
 *
 *     --quick       fewer rows and rounds, under two minutes after the first set-up
 *     --json FILE   also writes {machine, rows, bars}
 *     --only NAME   one section: movielens, criteo, fuxictr, encoders, training
 *
 * Keeps the results of each section in benchmarks/results/benchmarks.data.json and writes docs/benchmarks.data.md from
 * it, unless --quick is given. A bar that does not hold is shown as such; the exit code stays 0.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {writeText} from '../examples/flights/summary';
import {stopAllAtExit} from './contestant';
import type {Context} from './data/context';
import {criteo} from './data/criteo';
import {encoders} from './data/encoders';
import {fuxictr} from './data/fuxictr';
import {movielens} from './data/movielens';
import {writeResults} from './data/results';
import {training} from './data/training';
import {dataPackages, providePython} from './environment';
import {describeMachine} from './machine';
import {Section, sectionText} from './report';

const SECTIONS: Record<string, (context: Context) => Promise<Section>> = {
  movielens,
  criteo,
  fuxictr,
  encoders,
  training,
};
const WITH_PEERS = ['movielens', 'fuxictr'];

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {quick: {type: 'boolean', default: false}, json: {type: 'string'}, only: {type: 'string'}},
  });
  if (values.only !== undefined && !Object.hasOwn(SECTIONS, values.only)) {
    throw new Error(`--only must be one of ${Object.keys(SECTIONS).join(', ')}. Received: ${values.only}.`);
  }
  const machine = describeMachine();
  stopAllAtExit();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-data-'));
  // What was killed a moment ago may still write.
  process.on('exit', () => rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100}));
  const chosen = values.only === undefined ? Object.keys(SECTIONS) : [values.only];
  let python = '';
  if (chosen.some(name => WITH_PEERS.includes(name))) {
    const peers = await providePython(dataPackages, line => console.log(line));
    if (peers.problem !== null) console.log(`peers that are missing: ${peers.problem}`);
    ({python} = peers);
  }

  const command = `npm run bench:data${values.only === undefined ? '' : ` -- --only ${values.only}`}`;
  const measured: Parameters<typeof writeResults>[1] = {};
  for (const name of chosen) {
    const section = await SECTIONS[name]({quick: values.quick, python, folder});
    const {versions = {}, ...rest} = section;
    Object.assign(measured, {
      [name]: {date: new Date().toISOString().slice(0, 10), command, machine: {...machine, ...versions}, section: rest},
    });
    console.log(sectionText(section));
  }
  const sections = Object.values(measured).map(({section}) => section);
  const rows = sections.flatMap(section => section.rows);
  const bars = sections.flatMap(section => section.bars);
  console.log(`\n${bars.filter(bar => bar.holds).length} of ${bars.length} bars hold.`);
  if (!values.quick) await writeResults(Object.keys(SECTIONS), measured);
  if (values.json !== undefined) {
    const all = Object.assign({}, ...Object.values(measured).map(each => each.machine)) as Record<string, string>;
    await writeText(values.json, `${JSON.stringify({machine: all, rows, bars}, null, 1)}\n`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
