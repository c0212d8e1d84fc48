import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import type {Browser} from 'playwright-core';
import type {RunRecord} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {launchBrowser} from '../helpers/browser';
import {openQuietly} from '../helpers/quiet_page';
import {smallRun} from '../helpers/run';
import {shapedSelection} from '../helpers/shaped_selection';

let folder: string;
let run: RunRecord;
let url: string;
let tripleUrl: string;
let selectionUrls: string[];
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-browser-'));
  ({run} = await smallRun());
  const write = async (name: string, of: RunRecord) =>
    pathToFileURL((await report(of, {folder: path.join(folder, name), formats: ['html']})).html!).href;
  [url, tripleUrl] = [await write('pairs', run), await write('triples', shapedSelection({orders: [3]}))];
  selectionUrls = [
    await write('selection', shapedSelection({kept: 5})),
    await write('none', shapedSelection({kept: 0})),
    await write('few', shapedSelection({kept: null, positives: 0.06})),
  ];
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, {recursive: true});
});

const wide = {viewport: {width: 1000, height: 800}};
const phone = {viewport: {width: 360, height: 740}};

describe.each([
  ['light', wide],
  ['dark', phone],
] as const)('in a browser, %s, %j', (colorScheme, size) => {
  it('fits the window, with pictures of the right size and readable colours', async () => {
    for (const address of [url, tripleUrl, ...selectionUrls]) {
      await openQuietly(browser, address, {...size, colorScheme}, async page => {
        const found = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth,
          svgs: Array.from(document.querySelectorAll('figure')).map(figure =>
            Array.from(figure.querySelectorAll('svg'))
              .filter(svg => svg.checkVisibility())
              .map(svg => svg.clientWidth),
          ),
          ground: getComputedStyle(document.body).backgroundColor,
          // The true size of the smallest text of any visible picture.
          text: Math.min(
            ...Array.from(document.querySelectorAll('svg text'))
              .filter(text => text.checkVisibility())
              .map(text => parseFloat(getComputedStyle(text).fontSize)),
          ),
          colors: Array.from(document.querySelectorAll('svg [fill^="var"], svg [stroke^="var"]'))
            .filter(mark => mark.checkVisibility())
            .map(mark => getComputedStyle(mark).fill + getComputedStyle(mark).stroke)
            .filter(color => /^nonenone$/.test(color)).length,
        }));
        expect(found.scroll).toBe(size.viewport.width);
        for (const widths of found.svgs) {
          expect(widths).toHaveLength(1);
          expect(widths[0]).toBeLessThanOrEqual(size === phone ? 336 : 760);
        }
        expect(found.ground).toBe(colorScheme === 'dark' ? 'rgb(18, 21, 28)' : 'rgb(255, 255, 255)');
        expect(found.text).toBeGreaterThanOrEqual(11);
        expect(found.colors).toBe(0);
      });
    }
  });

  it('breaks no rule of accessibility that axe knows', async () => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    for (const address of size === wide ? [url, tripleUrl, ...selectionUrls] : [url, selectionUrls[0]]) {
      await openQuietly(browser, address, {...size, colorScheme}, async page => {
        await page.locator('details').evaluateAll(all =>
          all.forEach(each => {
            (each as HTMLDetailsElement).open = true;
          }),
        );
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const {axe: checker} = globalThis as unknown as {
            axe: {run(): Promise<{violations: Array<{id: string; nodes: Array<{html: string}>}>}>};
          };
          return (await checker.run()).violations.map(
            ({id, nodes}) =>
              `${id}: ${nodes
                .map(node => node.html)
                .slice(0, 3)
                .join(' ')}`,
          );
        });
        expect(violations).toEqual([]);
      });
    }
  });
});

describe('the page', () => {
  it('shows the numbers of the run and no error', async () => {
    await openQuietly(browser, url, wide, async page => {
      const wrong = await page.evaluate(
        json => {
          const at = (pointer: string) =>
            pointer
              .slice(1)
              .split('/')
              .reduce((value: unknown, key) => (value as Record<string, unknown>)[key], json);
          return Array.from(document.querySelectorAll('data'))
            .filter(data => String(at(data.dataset['run']!)) !== data.value)
            .map(data => data.outerHTML);
        },
        JSON.parse(JSON.stringify(run)),
      );
      expect(wrong).toEqual([]);
      expect(await page.locator('.verdict').innerText()).toContain(run.models[0].auc.toFixed(4));
      expect(await page.locator('section:has(#maps) figure').count()).toBe(run.selection.length);
    });
  });

  it('shows the numbers of a mark under the pointer, and hides them at Escape', async () => {
    await openQuietly(browser, url, wide, async page => {
      const cell = page.locator('#picture-top .wide [data-tip]').first();
      const tip = page.locator('#tip');
      expect(await tip.isVisible()).toBe(false);
      await cell.hover();
      expect(await tip.innerText()).toContain(run.selection[0].fields.join(' × '));
      await page.keyboard.press('Escape');
      expect(await tip.isVisible()).toBe(false);
    });
  });

  it('runs no script and applies no style but its own, and loads nothing', async () => {
    await openQuietly(browser, url, wide, async page => {
      expect(await page.evaluate(() => getComputedStyle(document.querySelector('main')!).maxWidth)).toBe('1280px');
    });
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on('console', message => refused.push(message.text()));
    await page.goto(url);
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'document.body.dataset.ran = "yes"';
      const style = document.createElement('style');
      style.textContent = 'main{max-width:1px}';
      const image = new Image();
      const loads = new Promise(resolve => {
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
      });
      image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
      document.body.append(script, style, image);
      return {
        script: document.body.dataset['ran'] ?? null,
        width: getComputedStyle(document.querySelector('main')!).maxWidth,
        image: await loads,
      };
    });
    expect(ran).toEqual({script: null, width: '1280px', image: false});
    expect(refused).toHaveLength(3);
    for (const text of refused) expect(text).toContain('Content Security Policy');
    await page.close();
  });

  it('is complete without scripts', async () => {
    await openQuietly(browser, url, {...wide, javaScriptEnabled: false}, async page => {
      expect(await page.locator('#picture-top .wide [data-tip] title').first().textContent()).toContain(
        run.selection[0].fields.join(' × '),
      );
      const all = page.locator('details:has-text("All interactions")');
      await all.locator('summary').click();
      expect(await all.locator('tbody tr').filter({visible: true}).count()).toBe(run.interactions.length);
    });
  });

  it('prints in light, with the folded table', async () => {
    await openQuietly(browser, url, {...wide, colorScheme: 'dark'}, async page => {
      await page.emulateMedia({media: 'print', colorScheme: 'dark'});
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--surface'))).toBe(
        '#ffffff',
      );
      expect(await page.locator('nav').isVisible()).toBe(false);
      const pdf = await page.pdf({format: 'A4'});
      expect(pdf.subarray(0, 4).toString()).toBe('%PDF');
    });
  });
});
