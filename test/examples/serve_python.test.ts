import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import path from 'node:path';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {modelFor} from '../helpers/bundles';
import {everyRule} from '../helpers/fitted';
import {providedPython, runPython} from '../python/environment';
import {sharedFolder} from '../helpers/folders';

const python = providedPython();
if (python === null) console.log('test/examples/serve_python: skipped, since there is no Python environment.');

/** Numbers as clients in Python write them: in JSON 1005.0 is 1005. */
const FLOATS = '{"rows": [{"site_id": 1005.0, "genres": [7.0, null, "x", true], "age": NaN}]}';
const rows = [
  {site_id: 'a', age: 5, count: 7, time: '14102103', device: 'é'},
  {site_id: 1005, genres: ['Drama', 'Comedy'], count: 9.5, age: '40'},
  {site_id: true, genres: '7|x', age: null, count: '', device: '👍'},
];
const folder = sharedFolder();
let server: ChildProcess | undefined;
let log = '';
afterAll(async () => {
  if (server?.pid !== undefined && server.exitCode === null) {
    const ended = once(server, 'close');
    // With the processes that it started.
    process.kill(-server.pid, 'SIGKILL');
    await ended;
  }
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const {port} = probe.address() as {port: number};
  probe.close();
  return port;
}

/** Starts the server, and waits until it has its model. */
async function start(saved: string): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}`;
  server = spawn(python!, ['serve.py', saved, '--port', new URL(url).port], {
    cwd: path.resolve('examples/serve_python'),
    env: {...process.env, CUDA_VISIBLE_DEVICES: '', PYTHONDONTWRITEBYTECODE: '1'},
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [server.stdout!, server.stderr!]) stream.on('data', text => (log += text));
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server has ended:\n${log}`);
    const {ok} = await fetch(`${url}/health`).catch(() => ({ok: false}));
    if (ok) return url;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

async function post(url: string, body: unknown): Promise<{status: number; body: {detail?: string}}> {
  const headers = {'content-type': 'application/json'};
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${url}/predict`, {method: 'POST', headers, body: text});
  return {status: answer.status, body: (await answer.json()) as {detail?: string}};
}

(python === null ? describe.skip : describe)('examples/serve_python', () => {
  it('answers raw rows with the probabilities of the bundle, and names bad ones', async () => {
    const fitted = everyRule();
    await saveBundle(path.join(folder, 'bundle'), {model: modelFor(fitted), fitted});
    const bundle = await loadBundle(path.join(folder, 'bundle'));
    const expected = [...(await bundle.predict(rows))];
    const saved = path.join(folder, 'saved');
    await runPython(python!, ['-m', 'tfjs_autofis', 'saved_model', path.join(folder, 'bundle'), saved, '--vocabulary']);

    const url = await start(saved);
    const probabilities = expected.map(each => expect.closeTo(each, 6) as unknown);
    expect(await post(url, {rows})).toEqual({status: 200, body: {probabilities}});
    const [ofFloats] = await bundle.predict([{site_id: 1005, genres: [7, null, 'x', true]}]);
    expect((await post(url, FLOATS)).body).toEqual({probabilities: [expect.closeTo(ofFloats, 6)]});
    const small = ['1e-05', '2.5e-07', '-0.0', '1234.5'];
    const ofSmall = await bundle.predict(small.map(number => ({device: Number(number)})));
    expect(new Set(ofSmall).size).toBeGreaterThan(2);
    expect((await post(url, `{"rows": [${small.map(number => `{"device": ${number}}`).join()}]}`)).body).toEqual({
      probabilities: [...ofSmall].map(each => expect.closeTo(each, 6) as unknown),
    });
    expect(await post(url, {rows: []})).toEqual({
      status: 400,
      body: {detail: expect.stringContaining('with at least one row')},
    });
    expect(await post(url, {rows: [rows[0], {sites: 'a'}]})).toEqual({
      status: 400,
      body: {detail: 'rows[1] has none of the columns age, count, device, genres, site_id, time'},
    });
    for (const [value, shown] of [
      ['"old"', "'old'"],
      ['"1_0"', "'1_0'"],
      ['true', 'True'],
      ['1e400', 'inf'],
      [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
    ]) {
      const {status, body} = await post(url, `{"rows": [{"age": ${value}}]}`);
      expect([status, body.detail]).toEqual([422, `rows[0], column 'age': ${shown} is not a number`]);
    }
    const half = await post(url, '{"rows": [{"site_id": "\\ud800"}]}');
    expect([half.status, half.body.detail]).toEqual([
      422,
      "rows[0], column 'site_id': '\\ud800' is half of a surrogate pair",
    ]);
    const nested = await post(url, {rows: [{genres: [['x']]}]});
    expect([nested.status, nested.body.detail]).toEqual([
      422,
      "rows[0], column 'genres': [['x']] is not a single value",
    ]);
    expect((await post(url, {rows: rows.slice(0, 1)})).status).toBe(200);

    // All of its processes have ended when nothing holds its output any more.
    const ended = once(server!, 'close');
    server!.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
