import {browserAndLibrary} from '../helpers/browser_library';
import {pageScript} from '../helpers/page_code';
import type {Site} from '../helpers/site';
import {openPage, scriptSite} from '../helpers/tf_page';
import type {TestResult} from './page/jest_globals';

const setup = browserAndLibrary();
const sites: Site[] = [];
afterAll(() => Promise.all(sites.map(site => site.close())));

/**
 * The parity suite of test/parity, in a page, on the UMD file, without its models: these run on wasm in Node, and their
 * layers here. WebGL, which the processor computes, trains in search.test.ts, and so do cpu and WebGPU with its gate.
 */
it.each([
  ['wasm', ['gate', 'training', 'pair_layers'], 163],
  ['webgl', ['gate'], 153],
])('on %s, the tests of %j hold', async (backend, files, count) => {
  const script = await pageScript(`export {runTests} from './test/browser/page/jest_globals';
    export {useBackend} from 'tfjs-autofis/runtime';\n${files.map(file => `import './test/parity/${file}.test';`).join('\n')}`);
  const {browser, library} = setup();
  const site = await scriptSite(library, {'tests.js': script});
  sites.push(site);
  const {page, faults} = await openPage(browser, site.url);
  await page.evaluate(`testing.useBackend('${backend}')`);
  const results = (await page.evaluate('testing.runTests()')) as TestResult[];
  expect(results.filter(({error}) => error !== null)).toEqual([]);
  expect(new Set(results.map(({title}) => title)).size).toBe(count);
  expect(results).toHaveLength(count);
  expect(faults.filter(text => !text.includes('GL Driver Message'))).toEqual([]);
  await page.close();
});
