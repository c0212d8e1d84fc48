import {connect} from 'node:net';
import type {FastifyInstance} from 'fastify';
import {Bundle, loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {serveBundle} from '../../examples/serve/app';
import {columnsOf} from '../../examples/serve/requests';
import {Serving} from '../../examples/serve/serving';
import {DEFAULTS, type Limits} from '../../examples/serve/settings';
import {engineOf, MemoryStore, modelFor} from '../helpers/bundles';
import {everyRule, everyRuleRows} from '../helpers/fitted';

const rows = everyRuleRows(40);
let bundle: Bundle;
let app: FastifyInstance;
let url: string;

const serve = (limits: Limits) => serveBundle(new Serving(engineOf(bundle), limits), limits);

beforeEach(async () => {
  const fitted = everyRule();
  const model = modelFor(fitted);
  const store = new MemoryStore();
  await saveBundle(store, {model, fitted});
  model.dispose();
  bundle = await loadBundle(store);
  app = serve({maxBody: 20_000, maxRows: 50, maxBatch: 100, maxWaiting: 100, requestSeconds: 1});
  url = await app.listen({port: 0});
});
afterEach(async () => {
  await app.close();
  bundle.dispose();
});

interface Answer {
  status: number;
  headers: Headers;
  json: unknown;
}

async function post(
  body: object | string,
  headers: Record<string, string> = {'content-type': 'application/json'},
): Promise<Answer> {
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Buffer ? (body as BodyInit) : JSON.stringify(body),
    headers,
  });
  return {status: response.status, headers: response.headers, json: (await response.json()) as unknown};
}

/** Metrics by name and labels, each line checked to be of Prometheus' format. */
async function metrics(): Promise<Record<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).trimEnd().split('\n');
  const types: Record<string, string> = {};
  const found = lines.flatMap(line => {
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type !== null) types[type[1]] = type[2];
    if (line.startsWith('#')) return [];
    const [, sample, value] = /^([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)$/.exec(line)!;
    const family = sample.replace(/\{.*/, '');
    expect(types[family] ?? types[family.replace(/_(bucket|sum|count)$/, '')]).toBeDefined();
    return [[sample, Number(value)] as const];
  });
  expect(found.every(([, value]) => Number.isFinite(value))).toBe(true);
  return Object.fromEntries(found);
}

test('answers with what the bundle predicts', async () => {
  const response = await post({rows});
  expect(response.status).toBe(200);
  expect(response.json).toEqual({probabilities: [...(await bundle.predict(rows))]});
  expect(response.headers.get('x-bundle')).toBe(bundle.hash);
});

/** Keeps the model from answering from its next batch on, until `go`. */
function hold(): {begun: Promise<void>; go(): void} {
  let begin = () => {};
  let go = () => {};
  const begun = new Promise<void>(resolve => {
    begin = resolve;
  });
  const free = new Promise<void>(resolve => {
    go = resolve;
  });
  const {predictIds} = bundle;
  bundle.predictIds = async ids => {
    begin();
    await free;
    return predictIds.call(bundle, ids);
  };
  return {
    begun,
    go: () => {
      bundle.predictIds = predictIds;
      go();
    },
  };
}

/** Waits until `count` rows are waiting. */
async function waiting(count: number): Promise<void> {
  while ((await metrics())['autofis_waiting_rows'] < count) {
    /* they are on their way */
  }
}

test('requests that come while the model computes are one batch, and each gets its own rows', async () => {
  const {begun, go} = hold();
  const first = post({rows: [rows[0]]});
  await begun;
  const later = rows.slice(1).map(row => post({rows: [row]}));
  await waiting(39);
  go();
  const responses = await Promise.all([first, ...later]);
  const expected = await bundle.predict(rows);
  responses.forEach((response, i) =>
    expect((response.json as {probabilities: number[]}).probabilities[0]).toBeCloseTo(expected[i], 6),
  );
  const found = await metrics();
  expect(found['autofis_requests_total{route="/predict",status="200"}']).toBe(40);
  expect(found['autofis_batch_rows_sum']).toBe(40);
  expect(found['autofis_batch_requests_sum']).toBe(40);
  expect(found['autofis_batch_rows_count']).toBe(2);
});

test.each<[string, object, number, string, object]>([
  [
    'a value that does not fit',
    {rows: [...rows.slice(0, 3), {site_id: 'a', age: 'old'}]},
    422,
    'rows[3], column "age": "old" is not a number. Send a valid value, or omit one that is unknown.',
    {count: 1, issues: [{row: 3, column: 'age', field: 'age', value: 'old', problem: 'is not a number'}]},
  ],
  [
    'several',
    {rows: [{time: 'noon', age: 'x'}, {site_id: 2 ** 60}]},
    422,
    'rows[0], column "age": "x" is not a number. 2 more values are invalid.',
    {
      count: 3,
      issues: [
        {row: 0},
        {row: 0, column: 'time', field: 'hour', value: 'noon'},
        {row: 1, column: 'site_id', problem: expect.stringContaining('beyond 2^53')},
      ],
    },
  ],
  [
    'a list for one value',
    {rows: [{site_id: ['a', 'b']}]},
    422,
    'rows[0], column "site_id": ["a","b"] is a list, but the field takes one value.',
    {},
  ],
  [
    'no row',
    {rows: []},
    400,
    '`rows` must be a list of at least one row. Received: []. Send {"rows": [{"column": value, ...}, ...]}.',
    {},
  ],
  ['no rows', {}, 400, '`rows` must be a list of at least one row. Received: nothing.', {}],
  ['a list', [{site_id: 'a'}], 400, 'The body must be an object. Received: [{"site_id":"a"}].', {}],
  ['a misspelt key', {rows, row: 1}, 400, 'The body must have `rows` only. Received also: "row".', {}],
  [
    'a row that is none',
    {rows: [{site_id: 'a'}, 'b']},
    400,
    'rows[1] must be an object of values by column. Received: "b".',
    {},
  ],
  [
    'a row of another table',
    {rows: [{site: 'a', AGE: 4}]},
    400,
    'rows[0] must have at least one of the columns that the model reads: site_id, age, count, genres, time, device. ' +
      'Received: "site, AGE".',
    {},
  ],
  [
    'too many rows',
    {rows: Array(51).fill({age: 1})},
    413,
    '`rows` must hold at most 50 rows. Received: 51. Send them in several requests.',
    {error: 'too_many_rows'},
  ],
  [
    'too many bytes',
    {rows: [{site_id: 'x'.repeat(20_000)}]},
    413,
    'The body must have at most 20000 bytes. Send fewer rows in a request.',
    {error: 'body_too_large'},
  ],
])('refuses %s, and goes on', async (_, body, status, message, more) => {
  const response = await post(body);
  const error = {400: 'bad_body', 422: 'bad_rows'}[status];
  expect(response.json).toMatchObject({error, ...more, message: expect.stringContaining(message) as string});
  expect(response.status).toBe(status);
  expect((await post({rows})).status).toBe(200);
  const found = await metrics();
  expect(found[`autofis_requests_total{route="/predict",status="${status}"}`]).toBe(1);
  expect(
    Object.entries(found)
      .filter(([name]) => name.startsWith('autofis_errors_total'))
      .map(([, value]) => value),
  ).toEqual([1]);
});

test('lists at most twenty values that do not fit, long ones shortened', async () => {
  const answer = (await post({rows: Array(30).fill({age: 'x'.repeat(150)})})).json as {
    count: number;
    issues: Array<{value: string}>;
  };
  expect(answer.count).toBe(30);
  expect(answer.issues).toHaveLength(20);
  expect(answer.issues[0].value).toBe(`"${'x'.repeat(96)}...`);
});

test('a number beyond those of JavaScript is named as infinite', async () => {
  const answer = await post('{"rows": [{"age": -1e400}]}');
  expect(answer.json).toEqual({
    error: 'bad_rows',
    message: 'rows[0], column "age": -Infinity is not a number. Send a valid value, or omit one that is unknown.',
    count: 1,
    issues: [{row: 0, column: 'age', field: 'age', value: '-Infinity', problem: 'is not a number'}],
  });
});

test('refuses a body in another encoding, whose texts would all be unseen', async () => {
  const send = (encoding: BufferEncoding) => post(Buffer.from('{"rows": [{"device": "é"}]}', encoding));
  const message = 'The body is not valid UTF-8. Send JSON in UTF-8.';
  expect(await send('latin1')).toMatchObject({status: 400, json: {error: 'bad_body', message}});
  expect((await send('utf8')).status).toBe(200);
});

test('names each column once, of which several fields may be', () => {
  const fields = ['time', 'age', 'time'].map((column, i) => ({type: 'categorical' as const, name: `f${i}`, column}));
  const fitted = {...bundle.fitted, schema: {...bundle.fitted.schema, fields}};
  expect(columnsOf({fitted})).toEqual(['time', 'age']);
});

test('a malformed path is refused in the form of all refusals', async () => {
  const response = await fetch(`${url}/%zz`);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: 'bad_request',
    message: "'/%zz' is not a valid url component. There are POST /predict, GET /health and GET /metrics.",
  });
  expect((await metrics())['autofis_errors_total{reason="bad_request"}']).toBe(1);
});

test.each([
  ['{"rows": [', {'content-type': 'application/json'}, 400, /^The body is not valid JSON\. Send /],
  ['', {'content-type': 'application/json'}, 400, /^The body is empty\. Send /],
  ['{"__proto__": 1}', {'content-type': 'application/json'}, 400, /^The body must have `rows` only\. .*"__proto__"/],
  ['rows', {'content-type': 'text/plain'}, 415, /Send JSON with the header `content-type: application\/json`\.$/],
])('refuses the body %j', async (body, headers, status, message) => {
  const response = await post(body, headers);
  expect(response.status).toBe(status);
  expect(response.json).toEqual({error: 'bad_body', message: expect.stringMatching(message) as string});
});

test('keys that every object has are columns as others', async () => {
  const plain = await post({rows: [{site_id: 'a'}]});
  const response = await post('{"rows": [{"site_id": "a", "__proto__": {"age": 90}, "constructor": {"age": 90}}]}');
  expect([response.status, response.json]).toEqual([200, plain.json]);
  expect(await post('{"rows": [{"__proto__": {"site_id": "a"}}]}')).toMatchObject({status: 400});
});

test('more rows than may wait are refused until there is room', async () => {
  const {begun, go} = hold();
  const taken = [post({rows: rows.slice(0, 1)})];
  await begun;
  taken.push(post({rows}), post({rows}));
  await waiting(80);
  const refused = await post({rows});
  taken.push(post({rows: rows.slice(0, 20)}));
  go();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.json).toEqual({
    error: 'overloaded',
    message: '80 rows are waiting, and no more than 100 may. Try again in a second.',
  });
  expect((await Promise.all(taken)).map(({status}) => status)).toEqual([200, 200, 200, 200]);
  expect((await post({rows})).status).toBe(200);
});

test('a prediction that fails is reported to the log, not to the client', async () => {
  const predict = jest.spyOn(bundle, 'predictIds').mockRejectedValue(new Error('the path of a file'));
  const response = await post({rows});
  expect(response.status).toBe(500);
  expect(response.json).toEqual({error: 'failed', message: 'The prediction failed; the log of the server says why.'});
  predict.mockRestore();
  expect((await post({rows})).status).toBe(200);
});

test('tells its health, and where it has what', async () => {
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
    status: 'ok',
    backend: "the test's",
    bundle: bundle.hash,
    schemaHash: bundle.schemaHash,
    columns: ['site_id', 'age', 'count', 'genres', 'time', 'device'],
    limits: {maxRows: 50},
  });
  const none = await fetch(`${url}/predict`);
  expect(none.status).toBe(404);
  expect(await none.json()).toEqual({
    error: 'no_route',
    message: 'There is no GET /predict. There are POST /predict, GET /health and GET /metrics.',
  });
});

test('counts rows, latency, and values that are missing or unseen', async () => {
  await post({rows: [{site_id: 'a', age: 3}, {site_id: 'new'}, {age: 5}]});
  const found = await metrics();
  expect(found['autofis_rows_total']).toBe(3);
  expect(found['autofis_values_unseen_total{field="site"}']).toBe(1);
  expect(found['autofis_values_missing_total{field="site"}']).toBe(1);
  expect(found['autofis_values_missing_total{field="age"}']).toBe(1);
  expect(found['autofis_request_seconds_count']).toBe(1);
  expect(found['autofis_request_seconds_bucket{le="+Inf"}']).toBe(1);
  expect(found['autofis_request_seconds_sum']).toBeGreaterThan(0);
  expect(found['autofis_batch_rows_bucket{le="2"}']).toBe(0);
  expect(found['autofis_batch_rows_bucket{le="5"}']).toBe(1);
  expect(found['autofis_waiting_rows']).toBe(0);
  expect((await metrics()).process_start_time_seconds).toBe(found.process_start_time_seconds);
  expect(found['process_cpu_seconds_total']).toBeGreaterThan(0);
  expect(found['process_resident_memory_bytes']).toBeGreaterThan(1e7);
});

/** Sends text as it is, and gives all that comes back. */
function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk;
  });
  socket.write(text);
  return new Promise((resolve, reject) => socket.on('close', () => resolve(answer)).on('error', reject));
}

test.each([
  [
    'a body',
    'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"rows": [',
  ],
  ['a head', 'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-ty'],
])('half of %s is answered with 408 when its time is over', async (_, text) => {
  const answer = await raw(text);
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
    error: 'too_slow',
    message: 'The request did not arrive within 1 seconds. Send it again, or a smaller one.',
  });
  const found = await metrics();
  expect(found['autofis_errors_total{reason="too_slow"}']).toBe(1);
  expect(found['autofis_errors_total{reason="bad_body"}']).toBeUndefined();
});

test('what is not HTTP is answered with 400', async () => {
  expect(await raw('hello\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\n.*"error":"bad_request","message":"This is not HTTP: /s,
  );
});

describe('JSON nested 50,000 deep is a 400', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  test.each([
    ['as the body', deep],
    ['as rows', `{"rows": ${deep}}`],
    ['as the rows in it', `{"rows": [${deep}]}`],
    ['as a value', `{"rows": [{"site_id": ${deep}}]}`],
    ['in a list of values', `{"rows": [{"genres": ["Drama", ${deep}]}]}`],
    ['as objects', `{"rows": ${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
  ])('%s', async (_, body) => {
    const large = serve(DEFAULTS);
    url = await large.listen({port: 0});
    const {status, json} = await post(body);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: 'bad_body',
      message: expect.stringMatching(/nested too deeply|a list of these/),
    });
    await large.close();
  });
});
