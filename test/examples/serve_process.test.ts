import {ChildProcessByStdio, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {connect, Socket} from 'node:net';
import path from 'node:path';
import type {Readable} from 'node:stream';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {modelFor} from '../helpers/bundles';
import {compiled} from '../helpers/compiled';
import {sharedFolder} from '../helpers/folders';
import {everyRule} from '../helpers/fitted';

const root = path.resolve(__dirname, '../..');
const rows = [
  {site_id: 'a', age: 5, time: '14102103'},
  {site_id: 'b', genres: ['Drama']},
];
const folder = sharedFolder();
/** What the bundle predicts; the server has it exported, which computes in another order. */
let expected: unknown[];
let server: ChildProcessByStdio<null, Readable, Readable>;
let log: string;
let port: number;
let ended: Promise<number | null>;

beforeAll(async () => {
  const fitted = everyRule();
  const model = modelFor(fitted);
  await saveBundle(path.join(folder, 'bundle'), {model, fitted});
  const bundle = await loadBundle(path.join(folder, 'bundle'));
  expected = [...(await bundle.predict(rows))].map(probability => expect.closeTo(probability, 6) as unknown);
});

/** Starts the server and waits until it listens. */
async function start(...args: string[]): Promise<void> {
  return listening(
    spawn(
      process.execPath,
      [await compiled('examples/serve/server.ts'), '--bundle', path.join(folder, 'bundle'), '--port', '0', ...args],
      {cwd: root, stdio: ['ignore', 'pipe', 'pipe']},
    ),
  );
}

async function listening(child: typeof server): Promise<void> {
  server = child;
  log = '';
  ended = new Promise(resolve => server.on('close', resolve));
  port = await new Promise<number>((resolve, reject) => {
    server.stdout.on('data', chunk => {
      log += chunk;
      const found = /listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(log);
      if (found !== null) resolve(Number(found[1]));
    });
    server.stderr.on('data', chunk => {
      log += chunk;
    });
    void ended.then(() => reject(new Error(log)));
  });
}

const body = JSON.stringify({rows});
const HEAD =
  'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ' + `${body.length}\r\n\r\n`;

/** A connection, and all that it says until its end. */
function open(): {socket: Socket; answer: Promise<string>} {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  return {socket, answer: new Promise((resolve, reject) => socket.on('end', () => resolve(text)).on('error', reject))};
}

/** Waits until the server's log has a text. */
async function logged(text: string): Promise<void> {
  while (!log.includes(text)) await new Promise(resolve => setTimeout(resolve, 10));
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'after %s requests that are under way are answered, no new ones are taken, and the process ends with 0',
  async signal => {
    await start();
    const response = await fetch(`http://127.0.0.1:${port}/predict`, {
      method: 'POST',
      body,
      headers: {'content-type': 'application/json'},
    });
    expect(await response.json()).toEqual({probabilities: expected});
    const {socket, answer} = open();
    socket.write(HEAD + body.slice(0, 20));
    // Once the server answers a later request it has read the head of this one.
    await fetch(`http://127.0.0.1:${port}/health`);
    server.kill(signal);
    await logged(`${signal}: no new requests`);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
    socket.write(body.slice(20));
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toEqual({probabilities: expected});
    expect(await ended).toBe(0);
  },
);

test('a request that does not end in time is given up, with exit code 1', async () => {
  await start('--shutdown-seconds', '1');
  const {socket, answer} = open();
  socket.write(HEAD);
  await fetch(`http://127.0.0.1:${port}/health`);
  server.kill('SIGTERM');
  expect(await ended).toBe(1);
  expect(log).toContain('requests were still under way after 1 s');
  await answer.catch(() => '');
});

test('a new bundle in the folder answers, a broken one does not, and SIGHUP loads it again', async () => {
  const place = path.join(folder, 'replaced');
  const save = async (version: number) => {
    const fitted = everyRule();
    const model = modelFor(fitted);
    await saveBundle(place, {model, fitted, metadata: {version}});
    model.dispose();
    return createHash('sha256')
      .update(readFileSync(path.join(place, 'bundle.json')))
      .digest('hex');
  };
  const health = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as {bundle: string};
  const first = await save(1);
  await start('--bundle', place);
  await logged(`${place}: the bundle ${first} computes with ONNX Runtime`);
  const second = await save(2);
  await logged(`${place} has changed: the bundle ${second} computes with ONNX Runtime`);
  expect(await health()).toMatchObject({bundle: second});
  writeFileSync(path.join(place, 'model.json'), '{');
  await logged(`${place} has changed: the bundle cannot be loaded, ${second} keeps serving: loadBundle`);
  server.kill('SIGHUP');
  await logged(`SIGHUP: the bundle cannot be loaded, ${second} keeps serving: loadBundle`);
  expect(await health()).toMatchObject({bundle: second});
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('SIGTERM to npx ends the server in the same way', async () => {
  const command = `node --import tsx examples/serve/server.ts --bundle ${path.join(folder, 'bundle')} --port 0`;
  await listening(spawn('npm', ['exec', '-c', command], {cwd: root, stdio: ['ignore', 'pipe', 'pipe']}));
  server.kill('SIGTERM');
  await logged('npm has ended: no new requests');
  await ended;
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
});

test('npm that ends after SIGTERM does not cut off requests that are under way', async () => {
  const args = [await compiled('examples/serve/server.ts'), '--bundle', path.join(folder, 'bundle'), '--port', '0'];
  // The shell between npm and the server.
  const command = ['-c', '"$@" & wait', 'sh', process.execPath, ...args];
  const env = {...process.env, npm_command: 'run-script'};
  await listening(spawn('sh', command, {cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env}));
  const {socket, answer} = open();
  socket.write(HEAD + body.slice(0, 20));
  await fetch(`http://127.0.0.1:${port}/health`);
  process.kill(Number(/"pid":(\d+)/.exec(log)![1]), 'SIGTERM');
  await logged('SIGTERM: no new requests');
  server.kill('SIGKILL');
  // The server looks for its parent five times a second.
  await new Promise(resolve => setTimeout(resolve, 500));
  socket.write(body.slice(20));
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  await ended;
  expect(log).not.toContain('npm has ended');
});

test('says what is wrong with the place of the bundle, with exit code 1', async () => {
  await expect(start('--bundle', path.join(folder, 'none'))).rejects.toThrow(
    /^error: loadBundle: .*none has no bundle\.json/,
  );
  expect(await ended).toBe(1);
});
