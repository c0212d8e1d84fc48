import path from 'node:path';
import process from 'node:process';
import {Contestant, takeTurns} from '../../benchmarks/contestant';

const pacer = path.resolve(__dirname, '../../benchmarks/pacer.ts');

/** A contestant that runs `body` with `pacer` in reach. */
function contestant(body: string): Contestant {
  const code = `require('tsx/cjs'); const {Pacer} = require(${JSON.stringify(pacer)}); (async () => { ${body} })()`;
  return new Contestant({name: 'test', command: process.execPath, args: ['-e', code]});
}

test('a contestant runs the steps that it is asked for, after other words on its output', async () => {
  const it = contestant(`
    const pacer = new Pacer(() => ({calls: i}));
    let i = 0;
    console.log('a library greets');
    pacer.ready({library: '1.2'});
    while (await pacer.step()) pacer.loss(++i);`);
  await it.ready();
  await takeTurns([it], {warmUp: 3, rounds: 2, steps: 2});
  await it.stop();
  expect(it.about).toEqual({library: '1.2'});
  expect(it.losses).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(it.ms).toHaveLength(4);
  expect(it.info).toEqual({calls: 7});
  expect(it.failure).toBeNull();
});

test('a step is measured from where it is let go to where the next is asked for', async () => {
  const it = contestant(`
    const pacer = new Pacer();
    pacer.ready();
    while (await pacer.step()) await new Promise(done => setTimeout(done, 30));`);
  await it.ready();
  expect((await it.run({run: 2})).every(ms => ms >= 25)).toBe(true);
  await it.stop();
});

test('what is asked for reaches the contestant', async () => {
  const it = contestant(
    'const pacer = new Pacer(); pacer.ready(); while (await pacer.step()) pacer.loss(Number(pacer.what));',
  );
  await it.ready();
  await it.run({run: 1, what: '5'});
  await it.run({run: 1, what: '6'});
  await it.stop();
  expect(it.losses).toEqual([5, 6]);
});

test.each([
  ['that cannot be started', new Contestant({name: 'x', command: './there-is-no-such-program', args: []}), /ENOENT/],
  ['that fails while it loads', contestant("throw new Error('no such module')"), /no such module/],
  ['that gives up', contestant("console.log(JSON.stringify({failure: 'out of memory'}))"), /^out of memory$/],
  ['that fails in a step', contestant('const p = new Pacer(); p.ready(); await p.step(); process.exit(7)'), /code 7/],
])('a contestant %s is missing, with the reason, and the others go on', async (_, broken, reason) => {
  await broken.ready();
  await takeTurns([broken], {warmUp: 1, rounds: 1, steps: 1});
  await broken.stop();
  expect(broken.failure).toMatch(reason);
  expect(broken.ms).toEqual([]);
});
