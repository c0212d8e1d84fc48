/**
 * Measures this library against its peers, in one run on one machine: `npm run bench`.
 *
 *     --gpu         with @tensorflow/tfjs-node-gpu in the place of tfjs-node: `npm run bench:gpu`
 *     --quick       fewer rounds, under two minutes after the first set-up
 *     --json FILE   also writes {machine, rows, bars}
 *     --only NAME   one section: small, large, vocabulary, triples, fieldAware, predictions, exports, flat
 *
 * Writes docs/benchmarks.md, with --gpu docs/benchmarks.gpu.md, unless --only is given. A bar that does not hold is
 * shown as such; the exit code stays 0.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {writeText} from '../examples/flights/summary';
import {stopAllAtExit} from './contestant';
import {peerPackages, providePython} from './environment';
import {describeMachine} from './machine';
import {measureGpu} from './native';
import {Report, reportMarkdown, Section, sectionText} from './report';
import type {Context} from './sections/context';
import {exportsSection} from './sections/exports';
import {fieldAware} from './sections/field_aware';
import {flat} from './sections/flat';
import {predictions} from './sections/predictions';
import {searchStep, SIZES} from './sections/search_step';
import {triples} from './sections/triples';
import {vocabulary} from './sections/vocabulary';

const SECTIONS: Record<string, (context: Context) => Promise<Section>> = {
  small: context => searchStep(context, SIZES.small),
  large: context => searchStep(context, SIZES.large),
  vocabulary,
  triples,
  fieldAware,
  predictions,
  exports: exportsSection,
  flat,
};

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      gpu: {type: 'boolean', default: false},
      quick: {type: 'boolean', default: false},
      json: {type: 'string'},
      only: {type: 'string'},
    },
  });
  if (values.only !== undefined && !Object.hasOwn(SECTIONS, values.only)) {
    throw new Error(`--only must be one of ${Object.keys(SECTIONS).join(', ')}. Received: ${values.only}.`);
  }
  const started = Date.now();
  if (values.gpu) measureGpu();
  const machine = describeMachine();
  stopAllAtExit();
  const {python, problem} = await providePython(peerPackages, line => console.log(line));
  if (problem !== null) console.log(`peers that are missing: ${problem}`);

  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  const command = `npm run bench${values.gpu ? ':gpu' : ''}${values.quick ? ' -- --quick' : ''}`;
  const report: Report = {command, machine, sections: []};
  const measuring = Date.now();
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (values.only !== undefined && name !== values.only) continue;
    const found = await section({quick: values.quick, python, folder});
    report.sections.push(found);
    Object.assign(machine, found.versions);
    console.log(sectionText(found));
  }
  machine['seconds'] =
    `${Math.round((Date.now() - measuring) / 1000)}, set-up ${Math.round((measuring - started) / 1000)}`;

  const bars = report.sections.flatMap(section => section.bars);
  console.log(`\n${bars.filter(bar => bar.holds).length} of ${bars.length} bars hold.`);
  if (values.only === undefined)
    await writeText(path.join('docs', values.gpu ? 'benchmarks.gpu.md' : 'benchmarks.md'), reportMarkdown(report));
  if (values.json !== undefined) {
    const rows = report.sections.flatMap(section => section.rows);
    await writeText(values.json, `${JSON.stringify({machine, rows, bars}, null, 1)}\n`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
