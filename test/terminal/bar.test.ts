import {closeSync, openSync, readFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import {Bar} from '../../src/terminal/bar';
import {emptyFolder} from '../helpers/folders';

const folder = emptyFolder();
let fd: number;
let bar: Bar;
beforeEach(() => {
  fd = openSync(path.join(folder, 'terminal'), 'w+');
  bar = new Bar({fd, columns: 80, write: text => writeSync(fd, text)});
});
afterEach(() => {
  closeSync(fd);
});

const written = () => readFileSync(path.join(folder, 'terminal'), 'utf8');
const frames = () => [...written().matchAll(/\r([^\r\x1b]+)\x1b\[K/g)].map(([, frame]) => frame);

/** Blocks this thread, as a fit does, until the terminal has what is waited for. */
function blockUntil(holds: () => boolean): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let naps = 0; naps < 3000 && !holds(); naps++) Atomics.wait(sleeper, 0, 0, 20);
  expect(holds()).toBe(true);
}

it('moves and tells the time left while this thread computes', () => {
  bar.expect([
    {title: 'first', seconds: 30},
    {title: 'second', seconds: 60},
  ]);
  bar.begin('first');
  blockUntil(() => frames().length >= 6);
  expect(frames()[0]).toMatch(/^░{20} +0 %, about 1m \d+s left: first$/);
  expect(new Set(frames()).size).toBeGreaterThan(1);
  bar.reach(0.5);
  bar.advance(0.25);
  blockUntil(() => /^█{4}/.test(frames().at(-1)!));
  bar.close();
});

it('leaves out steps that do not come, and those that had been done before', () => {
  bar.expect([
    {title: 'done before', seconds: 500},
    {title: 'skipped', seconds: 1000},
    {title: 'second', seconds: 60},
    {title: 'third', seconds: 40},
  ]);
  bar.begin('done before');
  bar.begin('second');
  bar.reach(0.5);
  blockUntil(() => frames().at(-1)?.endsWith('second') === true);
  expect(frames().at(-1)).toMatch(/^█{6,12}░+ +([345]\d|60) %, about \d+s left: second$/);
  bar.close();
});

it('tells the share of a step of unknown length by itself, and before any share the time so far', () => {
  bar.begin('counting');
  blockUntil(() => frames().length > 0);
  expect(frames()[0]).toMatch(/^░{20} \ds: counting$/);
  bar.reach(0.5);
  blockUntil(() => frames().at(-1)!.includes('%'));
  expect(frames().at(-1)).toMatch(/^█{10}░{10} +50 %, about \ds left: counting$/);
  bar.close();
});

it('stands below what is written meanwhile, fits into the terminal, and is gone after its end', () => {
  bar.begin('a title that is too long for a terminal of eighty columns, whose lines are not broken');
  blockUntil(() => frames().length > 0);
  bar.above(() => writeSync(fd, 'a note\n'));
  blockUntil(() => /a note\n\r[░█]/.test(written()));
  expect(frames().filter(frame => frame.length > 79)).toEqual([]);
  bar.close();
  expect(written()).toMatch(/a note\n[^\n]*\r\x1b\[K$/);
});
