import {writeFileSync} from 'node:fs';
import path from 'node:path';
import Papa from 'papaparse';
import {loadBundle, type reasonsOf, saveBundle} from 'tfjs-autofis/bundle';
import {engineLoader, type EngineName} from '../../examples/serve/engine';
import {serveBundle} from '../../examples/serve/app';
import {Serving} from '../../examples/serve/serving';
import {DEFAULTS} from '../../examples/serve/settings';
import {drawWeights} from '../export/zoo_cases';
import {modelFor} from '../helpers/bundles';
import {cli} from '../helpers/cli';
import {everyRule} from '../helpers/fitted';
import {sharedFolder} from '../helpers/folders';

type Reasons = ReturnType<typeof reasonsOf> & {probability: number};

const folder = sharedFolder();
const place = path.join(folder, 'bundle');
const table = path.join(folder, 'rows.csv');
const rows = ['d1', ' x y', 'a=b; "c" x d', '1: +0.50; e=2\nf,', ''].map((device, i) => ({
  ...{site_id: ['a', '1005', 'new'][i % 3], age: String(30 * i), count: String(i)},
  ...{genres: ['Drama|Comedy', 'Noir', ''][i % 3], time: `1410211${i}`, device},
}));
const MOST = 12;
let expected: Reasons[];

beforeAll(async () => {
  const fitted = everyRule();
  const model = modelFor(fitted);
  drawWeights(model, 1);
  await saveBundle(place, {model, fitted});
  writeFileSync(table, Papa.unparse(rows));
  const bundle = await loadBundle(place);
  const explained = await bundle.explain(rows, {most: MOST});
  expected = explained.map(({probability, intercept, shares, others}) => ({
    ...{probability, base: intercept, others},
    reasons: shares.map(({fields, values, share}) => ({fields, values, share})),
  }));
  bundle.dispose();
});

/** Reads the text of reasons back. */
function readReasons(text: string): Pick<Reasons, 'reasons' | 'others'> {
  const quoted: string[] = [];
  const plain = text.replace(/"(?:[^"\\]|\\.)*"/g, all => `"${quoted.push(JSON.parse(all) as string) - 1}`);
  const read = (part: string) => (part.startsWith('"') ? quoted[Number(part.slice(1))] : part);
  const [listed, others = 0] = plain.split('; others: ');
  const reasons = listed.split('; ').map(reason => {
    const [, terms, share] = /^(.*): ([+-]\d+\.\d\d)$/.exec(reason)!;
    const pairs = terms.split(' x ').map(term => term.split('=').map(read));
    return {fields: pairs.map(pair => pair[0]), values: pairs.map(pair => pair[1]), share: Number(share)};
  });
  return {reasons, others: Number(others)};
}

const predict = (most: number | string, ...flags: string[]) =>
  cli('predict', table, '--folder', place, '--quiet', '--explain', `${most}`, ...flags);

async function served(explain: number | string, engine: EngineName) {
  const app = serveBundle(new Serving(await engineLoader(place, engine)(), DEFAULTS), DEFAULTS);
  const url = await app.listen({port: 0});
  const headers = {'content-type': 'application/json'};
  const body = JSON.stringify({rows});
  const response = await fetch(`${url}/predict?explain=${explain}`, {method: 'POST', headers, body});
  const answer = (await response.json()) as {probabilities: number[]; explanations: Reasons[]; message: string};
  await app.close();
  return {status: response.status, ...answer};
}

const SERVER = (engine: EngineName): [string, number, () => Promise<Reasons[]>] => [
  `the server's ${engine}`,
  6,
  async () => {
    const {probabilities, explanations} = await served(MOST, engine);
    return explanations.map((row, i) => ({...row, probability: probabilities[i]}));
  },
];

test.each<[string, number, () => Promise<Reasons[]>]>([
  SERVER('onnx'),
  SERVER('tfjs-node'),
  ['predict --json', 12, async () => JSON.parse((await predict(MOST, '--json')).stdout) as Reasons[]],
  [
    'the CSV of predict',
    1.99,
    async () => {
      const {stdout} = await predict(MOST);
      const {data} = Papa.parse<{probability: string; reasons: string}>(stdout.trimEnd(), {header: true});
      const [{base}] = expected;
      return data.map(row => ({probability: Number(row.probability), base, ...readReasons(row.reasons)}));
    },
  ],
])('reasons by %s are those of the library', async (_, digits, explain) => {
  const close = ({reasons, probability, base, others}: Reasons) => ({
    ...{base, probability: expect.closeTo(probability, 6) as number, others: expect.closeTo(others, digits) as number},
    reasons: reasons.map(({share, ...of}) => ({...of, share: expect.closeTo(share, digits) as number})),
  });
  expect(new Set(expected.flatMap(({reasons}) => reasons.flatMap(({values}) => values)))).toContain(rows[2].device);
  expect(Math.max(...expected.map(({others}) => Math.abs(others)))).toBeGreaterThan(0.01);
  expect(await explain()).toEqual(expected.map(close));
});

test.each(['0', '1.5', 'many', ''])('%j reasons are refused', async most => {
  const message = `must be an integer >= 1. Received: ${most}.\n`;
  expect(await served(most, 'onnx')).toMatchObject({status: 400, message: expect.stringContaining(message.trim())});
  expect(await predict(most)).toMatchObject({code: 2, stderr: expect.stringContaining(`error: --explain ${message}`)});
});
