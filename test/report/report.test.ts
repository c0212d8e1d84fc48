import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {RunRecord} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {sharedFolder} from '../helpers/folders';
import {smallRun} from '../helpers/run';
import {criteoFields, shapedSelection} from '../helpers/shaped_selection';
import {messageOf} from '../helpers/tensors';
import {
  at,
  expectTrueFigures,
  figures,
  inspectedTips,
  modelTips,
  otherDigits,
  strangeTips,
  tipsOf,
  unescaped,
} from './figures';
import {ReportFiles} from '../../src/report/report';

const folder = sharedFolder();
let run: RunRecord;
let files: ReportFiles;
let html: string;
beforeAll(async () => {
  ({run} = await smallRun());
  files = await report(run, {folder: path.join(folder, 'pairs')});
  html = readFileSync(files.html!, 'utf8');
});

describe('the page', () => {
  it('shows no number but those of the run', () => {
    const json = JSON.parse(readFileSync(files.json!, 'utf8')) as unknown;
    expect(json).toEqual(run);
    expectTrueFigures(html, json);
    expect(strangeTips(html, run)).toEqual([]);
  });

  it('says the verdict first, and then what to do', () => {
    const words = (kind: string) =>
      unescaped(new RegExp(`<p class="${kind}">(.*?)</p>`).exec(html)![1].replace(/<[^>]*>/g, ''));
    const auc = (role: string) => run.models.find(model => model.role === role)!.auc.toFixed(4);
    expect(words('verdict')).toBe(
      'The model with 2 of 7 interactions is better than logistic regression: ' +
        `AUC ${auc('after')} against ${auc('linear')}.`,
    );
    expect(words('next')).toBe('Use the model; each of its interactions is certain.');
  });

  it('states rows, columns, calibration and size', () => {
    const facts = [...html.matchAll(/<dt>([^<]*)<\/dt><dd>(.*?)<\/dd><\/div>/g)].map(([, name, text]) => [
      name,
      unescaped(text.replace(/<[^>]*>/g, '')),
    ]);
    const {calibration, parameters, bytes} = run.models[0];
    const off = calibration.reduce((sum, bin) => sum + (bin.rows / 300) * Math.abs(bin.predicted - bin.observed), 0);
    const names = run.data.fields.map(({name}) => name);
    const speed = run.inspection.rowsPerSecond.toLocaleString('en-US');
    expect(facts).toEqual([
      ['Rows', '1,000 train, 200 validation and 300 test'],
      ['Positive', `${(100 * run.data.parts[0].rate).toFixed(1)}\u00a0%: a planted row`],
      ['Columns', `4: ${names.slice(0, 3).join(', ')} and ${names[3]}`],
      ['Predicted rates', `off by ${(100 * off).toFixed(1)} points on average over bins of test rows`],
      [
        'Model',
        `${parameters!.toLocaleString('en-US')} parameters, ${(bytes / 1e3).toFixed(1)}\u00a0kB; scores ${speed} rows a second`,
      ],
    ]);
  });

  it('has the numbers of every picture behind its marks', () => {
    const tips = (name: string) => {
      const [figure] = new RegExp(`<figure id="picture-${name}">[\\s\\S]*?</figure>`).exec(html)!;
      const wide = figure.slice(0, figure.indexOf('class="narrow'));
      return [...wide.matchAll(/data-tip=""><title>([^<]*)<\/title>/g)].map(([, text]) => unescaped(text));
    };
    const kept = tipsOf(run).filter((_, i) => run.interactions[i].kept);
    expect(tips('models').sort()).toEqual(modelTips(run).sort());
    expect(tips('top').sort()).toEqual([...kept].sort());
    expect([...tips('map-1'), ...tips('map-2'), ...tips('row')]).toEqual(inspectedTips(run));
    expect(tips('gains')).toHaveLength(kept.length + run.data.fields.length);
    expect(tips('calibration').sort()).toEqual(
      run.models
        .flatMap(({name, calibration}) =>
          calibration.map(
            ({rows, predicted, observed}) =>
              `${name}: predicted ${(100 * predicted).toFixed(1)}\u00a0%, ` +
              `observed ${(100 * observed).toFixed(1)}\u00a0% of ${rows} rows`,
          ),
        )
        .sort(),
    );
  });

  it('asks for nothing over the network, and is small', () => {
    expect(html.replace(/http:\/\/www\.w3\.org\/\d+\/svg/g, '')).not.toMatch(
      /https?:|<link|<img|@import|url\((?!#)|src=/,
    );
    expect(statSync(files.html!).size).toBeLessThan(1e6);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('takes names as they are', () => {
    expect(html).toContain('<title>Planted &#60;pairs&#62; &#38; &#34;rows&#34;</title>');
  });

  it('is the same for the same run', async () => {
    const again = await report(run, {folder: path.join(folder, 'again'), formats: ['html']});
    expect(readFileSync(again.html!, 'utf8')).toBe(html);
    expect(readdirSync(path.join(folder, 'again'))).toEqual(['report.html']);
  });
});

describe('a run of triples', () => {
  it('ranks them', async () => {
    const triples = shapedSelection({orders: [3]});
    const {html: page} = await report(triples, {folder: path.join(folder, 'triples'), formats: ['html', 'markdown']});
    const text = readFileSync(page!, 'utf8');
    expectTrueFigures(text, triples);
    const [figure] = /<figure id="picture-top">[\s\S]*?<\/figure>/.exec(text)!;
    const shown = [...figure.slice(0, figure.indexOf('class="narrow')).matchAll(/<title>([^<]*): gain/g)].map(
      ([, name]) => unescaped(name),
    );
    expect(shown).toEqual(triples.selection.slice(0, 5).map(s => s.fields.join(' × ')));
  });
});

describe('runs of other shapes', () => {
  /** Sentences with digits that are the same for every run, or follow from its figures by a test of their own. */
  const fixedWords = new RegExp(
    `^(${[
      'The probability that the model puts a positive row \\(\\) above a negative one: 0',
      '5 is chance, 1 perfect',
      'Undecided where the 95 % interval .* contains 0 \\(AUC: DeLong\\)',
      '.*with a 95 % interval',
      'Models on test rows, 95 % intervals',
      'The (interactions|single fields) that help most, ± 95 %',
      'Models on the test rows; differences are those of the chosen model to the other one \\(95 %\\)',
      'I\\d+( × I\\d+)+',
      'If that reaches down to 0, the gain may be chance, and is called uncertain',
      'One that helps in fewer than 60 % of them is called uncertain',
      '((AUC|Logloss): chosen minus other|Gain in logloss) \\(95 %\\)',
      "The first 1000 are shown; the run'?s JSON has all",
      'off by \\d',
      '\\d points on average over bins of test rows',
      ': [ ,]*and 34 more',
      'Use the model; \\d of its interactions are certain',
      'About [\\d,]+ test rows instead of would show a difference in AUC as large as this one',
    ].join('|')})$`,
  );
  it.each([
    ['pairs and triples, multi-valued', () => shapedSelection({orders: [2, 3], kept: 10})],
    ['all triples of 39 fields', () => shapedSelection({fields: criteoFields, orders: [3], kept: 150, rows: 60})],
    ['nothing closed', () => shapedSelection({kept: 10})],
    ['some open', () => shapedSelection({kept: 5})],
    ['39 fields', () => shapedSelection({fields: criteoFields, kept: 120})],
    ['none open', () => shapedSelection({kept: 0})],
  ])("%s: every number is the run's, in less than 3 MB", async (name, make) => {
    const shaped = make();
    const written = await report(shaped, {
      folder: path.join(folder, name.replace(/\W/g, '')),
      formats: ['html', 'markdown', 'json'],
    });
    const page = readFileSync(written.html!, 'utf8');
    expectTrueFigures(page, JSON.parse(readFileSync(written.json!, 'utf8')));
    expect(strangeTips(page, shaped)).toEqual([]);
    expect(otherDigits(page).filter(text => !fixedWords.test(text))).toEqual([]);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(statSync(written.html!).size).toBeLessThan(3e6);
  });
});

it('names fields as the properties of all objects, which ECharts would change, and by control characters', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '\\u001b[2J\\uffff'];
  const fields = names.map(name => ({name: JSON.parse(`"${name}"`) as string, size: 5}));
  const strange = shapedSelection({fields, kept: 3});
  const before = Reflect.ownKeys(Object.prototype);
  const {svg, png} = await report(strange, {folder: path.join(folder, 'strange'), formats: ['svg', 'png']});
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  expect(Object.keys(Object)).toEqual([]);
  const gains = readFileSync(svg.gains, 'utf8');
  for (const name of names) expect(gains).toContain(`>${name}</text>`);
  expect(Object.keys(png)).toContain('gains');
});

it('does without what is optional', async () => {
  const other: RunRecord = {
    ...run,
    warnings: ['few <steps>'],
    command: null,
    models: run.models.map(model => ({...model, comparison: null})),
    inspection: {...run.inspection, maps: []},
    settings: {'a/b~c': 3},
    data: {...run.data, source: null},
  };
  const {html: page} = await report(other, {folder: path.join(folder, 'other'), formats: ['html', 'markdown']});
  const text = readFileSync(page!, 'utf8');
  for (const {pointer, value} of figures(text)) expect([pointer, value]).toEqual([pointer, String(at(other, pointer))]);
  expect(text).toContain('few &#60;steps&#62;');
  expect(text).toContain('data-run="/settings/a~1b~0c"');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(text).toContain('compared with no other');
});

describe('the other files', () => {
  it('are each picture as SVG and PNG, and Markdown that points to them', () => {
    const names = ['models', 'top', 'map-1', 'map-2', 'gains', 'row', 'calibration'];
    expect(Object.keys(files.svg)).toEqual(names);
    expect(Object.keys(files.png)).toEqual(names);
    const markdown = readFileSync(files.markdown!, 'utf8');
    for (const name of names) {
      const svg = readFileSync(files.svg[name], 'utf8');
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
      expect(svg).not.toMatch(/var\(|NaN|undefined|\0/);
      const png = readFileSync(files.png[name]);
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      // Twice the size.
      expect(png.readUInt32BE(16)).toBe(2 * Number(/width="(\d+)"/.exec(svg)![1]));
      expect(markdown).toContain(`](pictures/${name}.svg)`);
    }
    expect(markdown).toContain('# Planted &lt;pairs&gt; &amp; "rows"');
    const [verdict] = /<p class="verdict">(.*?)<\/p>/.exec(html)!.slice(1);
    expect(markdown).toContain(`**${unescaped(verdict.replace(/<[^>]*>/g, '')).replace(/[_|]/g, '\\$&')}**`);
    for (const row of markdown.split('\n').filter(line => line.startsWith('|'))) expect(row.endsWith('|')).toBe(true);
  });
});

describe('report says', () => {
  it('what is wrong with its arguments', async () => {
    const wrong = (options: unknown) => messageOf(() => report(run, options as never));
    expect(await messageOf(() => report({} as never, {folder}))).toMatch(
      /^report: `run` must be the result of recordRun/,
    );
    expect(await wrong({})).toBe('report: `folder` must be the path of a folder. Received: undefined.');
    expect(await wrong({folder, formats: ['pdf']})).toBe(
      "report: `formats` must hold 'html', 'markdown', 'svg', 'png', 'json' only. Received: \"pdf\".",
    );
    expect(
      await messageOf(() => report({...run, models: []}, {folder: path.join(folder, 'none'), formats: ['html']})),
    ).toMatch(/^report: the run has no \/models\/-1\/auc\. The file is damaged/);
  });

  it.each([
    [
      'echarts',
      'report: pictures are drawn by the package echarts, which could not be loaded. Install it: ' +
        'npm install echarts@6. (gone)',
    ],
    [
      '@resvg/resvg-js',
      'report: PNG pictures are drawn by the package @resvg/resvg-js, which could not be loaded. ' +
        "Install it: npm install @resvg/resvg-js@2, or leave 'png' out of `formats`. (gone)",
    ],
  ])('how to install %s, and writes nothing without it', async (name, message) => {
    // A second copy of tfjs-core says that it is there.
    const quiet = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const out = path.join(folder, 'absent');
    await jest.isolateModulesAsync(async () => {
      jest.doMock(name, () => {
        throw new Error('gone');
      });
      const isolated = (await import('../../src/report/report')).report;
      expect(await messageOf(() => isolated(run, {folder: out}))).toBe(message);
    });
    jest.dontMock(name);
    quiet.mockRestore();
    expect(existsSync(out)).toBe(false);
  });
});
