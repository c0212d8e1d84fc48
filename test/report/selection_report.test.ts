import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {RunRecord} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {sharedFolder} from '../helpers/folders';
import {shapedSelection} from '../helpers/shaped_selection';
import {unescaped} from './figures';

const folder = sharedFolder();

describe('a run of autoSelect', () => {
  const written = async (name: string, shaped: RunRecord) => {
    const {
      html: page,
      markdown,
      svg,
    } = await report(shaped, {
      folder: path.join(folder, name),
      formats: ['html', 'markdown', 'svg'],
    });
    const text = readFileSync(page!, 'utf8');
    const words = (kind: string) =>
      unescaped(new RegExp(`<p class="${kind}">(.*?)</p>`).exec(text)![1].replace(/<[^>]*>/g, ''));
    return {
      html: text,
      markdown: readFileSync(markdown!, 'utf8'),
      verdict: words('verdict'),
      next: words('next'),
      pictures: Object.keys(svg),
    };
  };

  /** A run whose model is better than logistic regression by `auc` and `logloss` standard errors of 0.001. */
  const apart = (auc: number, logloss: number, change: (run: RunRecord) => void = () => {}): RunRecord => {
    const run = shapedSelection({kept: 4, beside: {all: 'undecided', linear: 'undecided'}});
    run.models.find(({role}) => role === 'linear')!.comparison = {
      auc: {difference: auc / 1000, standardError: 0.001},
      logloss: {difference: -logloss / 1000, standardError: 0.001},
      verdict: (['worse', 'undecided', 'better'] as const)[1 + Math.sign(Math.trunc(auc / 1.96))],
    };
    change(run);
    return run;
  };
  const doubt = (run: RunRecord) => run.interactions.forEach(({evidence}) => (evidence.standardError = 1));
  const model = 'The model with 4 of 10 interactions';
  const lr = 'logistic regression';

  it.each<[string, RunRecord, string, string]>([
    [
      'better by both',
      apart(3, 3),
      `${model} is better than ${lr}: AUC # against #.`,
      'Use the model; 3 of its 4 interactions are certain.',
    ],
    [
      'better, none certain',
      apart(3, 0, doubt),
      `${model} is better than ${lr}: AUC # against #; none is certain.`,
      'Use the model, but rely on no single interaction.',
    ],
    [
      'better by AUC, worse by logloss',
      apart(3, -3, doubt),
      `${model} has better AUC than ${lr}, but worse logloss; none is certain.`,
      `Use the model to rank rows; for probabilities stay with ${lr}.`,
    ],
    [
      'better by logloss alone',
      apart(1, 3, doubt),
      `${model} has better logloss than ${lr}; AUC is undecided; none is certain.`,
      'Use the model where probabilities count; for ranks it is undecided. ' +
        'About 2,400 test rows instead of 600 would show a difference in AUC as large as this one.',
    ],
    [
      'undecided by both',
      apart(-1, 0.5, doubt),
      `Neither AUC nor logloss tells the model with 4 of 10 interactions from ${lr}; none is certain.`,
      `Stay with ${lr}. ` +
        'About 9,600 test rows instead of 600 would show a difference in logloss as large as this one.',
    ],
    [
      'too close to estimate rows',
      apart(0, 0.1),
      `Neither AUC nor logloss tells the model with 4 of 10 interactions from ${lr}.`,
      `Stay with ${lr}.`,
    ],
    [
      'worse by AUC, better by logloss',
      apart(-3, 3),
      `${model} has worse AUC than ${lr}, but better logloss.`,
      `Use the model for probabilities; to rank rows stay with ${lr}.`,
    ],
    ['worse', apart(-3, -1), `${model} is worse than ${lr}: AUC # against #.`, `Stay with ${lr}.`],
    [
      'worse by logloss alone',
      apart(0, -3),
      `${model} has worse logloss than ${lr}; AUC is undecided.`,
      `Stay with ${lr}.`,
    ],
  ])('gives a verdict of at most twenty words, and what to do next: %s', async (name, run, verdict, next) => {
    const shown = await written(name, run);
    expect(shown.verdict.replace(/0\.\d{4}/g, '#')).toBe(verdict);
    expect(shown.verdict.split(' ').length).toBeLessThanOrEqual(20);
    expect(shown.next).toBe(next);
    expect(shown.markdown).toContain(`**${shown.verdict}**\n\n${next}\n`);
  });

  it('names LightGBM where it is better, and compares each model by AUC and by logloss', async () => {
    const trees = shapedSelection({beside: {all: 'better', linear: 'better', trees: 'worse'}});
    const {next, markdown} = await written('trees', trees);
    expect(next).toMatch(/\. LightGBM 4\.7\.0 is better on the test rows\.$/);
    const beside = String.raw`0\.\d{4} \| −0\.0123 ±.0\.0039 \| worse \| 0\.\d{4} \| \+0\.0040 ±.0\.0020 \| worse`;
    expect(markdown).toMatch(new RegExp(String.raw`^\| LightGBM 4\.7\.0 \| ${beside} \| – \| – \| [^|]*\|$`, 'm'));
    const all = shapedSelection({kept: 10});
    expect((await written('all', all)).verdict).toContain('the model with all 10 interactions from');
  });

  it('says that positives, or negatives, are few', async () => {
    expect((await written('few', shapedSelection({positives: 0.06}))).next).toMatch(
      /\. Only 36 test rows are positive: small differences cannot be seen\.$/,
    );
    expect((await written('many', shapedSelection({positives: 0.94}))).next).toMatch(
      /\. Only 36 test rows are negative: small differences cannot be seen\.$/,
    );
  });

  it('says first that test rows are copies, and then calls nothing certain', async () => {
    const shaped = shapedSelection({copied: 0.156});
    const {verdict, next, markdown} = await written('copied', shaped);
    expect(verdict).toMatch(/^15\.6.% of the test rows are copies of training rows, so nothing here is certain\.$/);
    expect(next).toContain('--unique');
    const row = (text: string) => /^\| user × genres of films \|.*$/m.exec(text)![0];
    expect(row(markdown)).toMatch(/, uncertain \| 4 of 4, uncertain \|/);
    expect(row((await written('not copied', shapedSelection({copied: 0.05}))).markdown)).not.toContain('uncertain');
  });

  it(
    'shows each kept pair with its gain, its interval and the folds that leave it open, ' +
      'and marks the uncertain ones',
    async () => {
      const shaped = shapedSelection({kept: 5});
      const {markdown} = await written('gains', shaped);
      const rows = markdown.split('\n').filter(line => /^\| user × [a-z ]* \| yes \| \+/.test(line));
      expect(rows[0]).toMatch(/^\| user × genres of films \| yes \| \+0\.0200 ±\u00a00\.0039 \| 4 of 4 \| /);
      expect(rows.map(row => row.includes(', uncertain'))).toEqual([false, false, false, true]);
      const weak = structuredClone(shaped);
      weak.interactions[0].evidence = {gain: 0.001, standardError: 0.001, stability: {kept: 4, samples: 4}};
      expect((await written('weak', weak)).markdown).toMatch(/\| \+0\.0010 ±\u00a00\.0020, uncertain \| 4 of 4 \|/);
      expect(markdown).toMatch(/^\| hour \| category \| few values \| number \| --as 'hour=number' \|$/m);
      expect(markdown).toMatch(
        /^\| user × genres of films \| yes \| .* \| products \d\.\d{3} and cells \d\.\d{3} \|$/m,
      );
    },
  );

  it('names the only pair in the singular', async () => {
    const fields = [
      {name: 'user', size: 9},
      {name: 'hour', size: 5},
    ];
    const only = await written('only', shapedSelection({fields, kept: 1}));
    expect(only.verdict).toBe(`Neither AUC nor logloss tells the model with the only interaction from ${lr}.`);
    const none = await written('not-even', shapedSelection({fields, kept: 0}));
    expect(none.verdict).toMatch(/^The only interaction is not shown to help: logistic regression remains, with AUC /);
  });

  it('says how the model was chosen', async () => {
    const run = shapedSelection();
    const {markdown} = await written('choice', run);
    expect(markdown).toContain(
      'A tenth of the training and validation rows, 1,200, took no part in what follows. The others were dealt into ' +
        '4 folds, and everything that an interaction can add to logistic regression was fitted without a fold',
    );
    const decision = {...run.decision, evidence: {by: 'held-out part' as const, share: 0.2}};
    const part = await written('part', {...run, decision});
    expect(part.markdown).toContain('Of the others 20.0\u00a0% were held out, and ');
  });

  it('compares held-out scores with logistic regression, all pairs and random sets of its size', async () => {
    const run = shapedSelection();
    const {linear, all, random, selection} = run.decision.scores;
    const {markdown} = await written('scores', run);
    const row = (name: string, {auc, logloss}: {auc: number; logloss: number}) =>
      `| ${name} | ${auc.toFixed(4)} | ${logloss.toFixed(4)} |`;
    expect(markdown).toContain(row('Logistic regression', linear));
    expect(markdown).toContain(row('Products of all pairs, without gates', all!));
    expect(markdown).toContain(row('The selection', selection));
    const range = (measure: 'auc' | 'logloss') => {
      const values = random.map(scores => scores[measure]);
      return `${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)}`;
    };
    expect(markdown).toContain(`| 3 random sets of as many interactions | ${range('auc')} | ${range('logloss')} |`);
    expect(markdown).toMatch(/^\| job \| \+0\.0400 ±\u00a00\.0020 \|\n\| age \| \+0\.0300 /m);
  });

  it('draws gains with their intervals, uncertain ones pale, and explains words where they first occur', async () => {
    const {html} = await written('gain', shapedSelection({kept: 5}));
    const [figure] = /<figure id="picture-top">[\s\S]*?<div class="narrow/.exec(html)!;
    expect(figure).toContain('>+0.0200 ±\u00a00.0039</text>');
    expect(figure.match(/<polyline [^>]*stroke="var\(--quiet\)"/g)).toHaveLength(2);
    expect(html).toMatch(/<abbr title="The probability that [^"]*">AUC<\/abbr>/);
  });

  it.each<[string, number | null, RegExp, string]>([
    [
      'no interaction helps',
      0,
      /^None of 10 interactions is shown to help: logistic regression remains, with AUC 0\.\d{4}\.$/,
      'Stay with logistic regression.',
    ],
    [
      'rows are too few for gates',
      null,
      /^Too few rows to tell interactions from chance: logistic regression remains, with AUC 0\.\d{4}\.$/,
      'Stay with logistic regression. More rows with the rarer label may show interactions.',
    ],
  ])('is a whole report where %s', async (name, kept, expected, wanted) => {
    const shaped = shapedSelection({kept});
    const {html: page, verdict, next, markdown, pictures} = await written(name.replaceAll(' ', '-'), shaped);
    expect(verdict).toMatch(expected);
    expect(next).toBe(wanted);
    expect(pictures).toEqual(['models', 'top', 'gains', 'row', 'calibration']);
    expect(markdown).toMatch(
      /^\| logistic regression \(chosen\) \| 0\.\d{4} \| – \| – \| 0\.\d{4} \| – \| – \| – \| /m,
    );
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});
