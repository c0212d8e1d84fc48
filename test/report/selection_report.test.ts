import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {RunRecord} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {shapedSelection} from '../helpers/shaped_selection';
import {unescaped} from './figures';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-report-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

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
    const [answer] = /<p class="answer">(.*?)<\/p>/.exec(text)!.slice(1);
    return {
      html: text,
      markdown: readFileSync(markdown!, 'utf8'),
      answer: unescaped(answer.replace(/<[^>]*>/g, '')),
      pictures: Object.keys(svg),
    };
  };

  it(
    'says what the test rows allow: better, worse or neither, ' + 'beside all interactions and logistic regression',
    async () => {
      const [fm, all, lr] = ['after', 'before', 'linear'].map(
        role => (run: RunRecord) => run.models.find(model => model.role === role)!.auc.toFixed(4),
      );
      const better = shapedSelection();
      expect((await written('better', better)).answer).toBe(
        'Of 10 pairs of fields, 4 are kept to predict a click, above all user × genres of films, ' +
          'user × hour and user × age; on the test rows ' +
          `a model of these 4 (AUC ${fm(better)}) is better than one of all 10 (${all(better)}) and cannot be ` +
          `told apart from logistic regression (${lr(better)}).`,
      );
      const worse = shapedSelection({beside: {all: 'undecided', linear: 'worse'}});
      expect((await written('worse', worse)).answer).toMatch(
        / cannot be told apart from one of all 10 \(0\.\d{4}\) and is worse than logistic regression \(0\.\d{4}\)\.$/,
      );
      const trees = shapedSelection({beside: {all: 'better', linear: 'better', trees: 'worse'}});
      const beside = await written('trees', trees);
      expect(beside.answer).toMatch(
        / is better than one of all 10 \(0\.\d{4}\), is better than logistic regression \(0\.\d{4}\) and is worse than LightGBM \(0\.\d{4}\)\.$/,
      );
      expect(beside.markdown).toMatch(/^\| LightGBM 4\.7\.0 \| 0\.\d{4} \| 0\.\d{4} \| – \| – \| [^|]*\|$/m);
      expect(beside.markdown).toMatch(
        /^\| LightGBM 4\.7\.0 \| worse \| −0\.0123 ±.0\.0039 \| \+0\.0040 ±.0\.0020 \|$/m,
      );
      const whole = shapedSelection({kept: 10});
      expect((await written('whole', whole)).answer).toMatch(
        /^All 10 pairs of fields are kept .* \(AUC 0\.\d{4}\) cannot be told apart from logistic regression \(0\.\d{4}\)\.$/,
      );
    },
  );

  it('names above all only what held-out rows show to help by itself', async () => {
    const whole = shapedSelection({kept: 10});
    const alone = (shown: number): RunRecord => ({
      ...whole,
      interactions: whole.interactions.map((each, i) => ({
        ...each,
        evidence: {
          gain: i < shown ? 0.1 : 0,
          standardError: 0.01,
          stability: {kept: i <= shown ? 20 : 0, samples: 20},
        },
      })),
    });
    const {answer} = await written('one', alone(1));
    expect(answer).toMatch(
      /^All 10 pairs of fields are kept to predict a click, above all user × genres of films; on /,
    );
    expect((await written('none', alone(0))).answer).toMatch(
      /^All 10 pairs of fields are kept to predict a click; on the test rows /,
    );
  });

  it('says in the headline that positives, or negatives, are few', async () => {
    expect((await written('few', shapedSelection({positives: 0.06}))).answer).toMatch(
      /\. Only 36 test rows are positive: small differences cannot be seen\.$/,
    );
    expect((await written('many', shapedSelection({positives: 0.94}))).answer).toMatch(
      /\. Only 36 test rows are negative: small differences cannot be seen\.$/,
    );
  });

  it('says first that test rows are copies, and then calls nothing certain', async () => {
    const shaped = shapedSelection({copied: 0.156});
    const {answer, markdown} = await written('copied', shaped);
    expect(answer).toMatch(
      /^15\.6.% of the test rows are copies of training rows, so nothing that follows is certain\. Of 10 pairs of fields, 4 are kept to predict a click; on the test rows /,
    );
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
      const rows = markdown.split('\n').filter(line => /^\| user × .*(instead of|–) /.test(line));
      expect(rows[0]).toMatch(/^\| user × genres of films \| \+0\.0200 ±\u00a00\.0039 \| 4 of 4 \| 0\.\d{4} \|/);
      expect(rows.map(row => row.includes(', uncertain'))).toEqual([false, false, false, true]);
      const weak = structuredClone(shaped);
      weak.interactions[0].evidence = {gain: 0.001, standardError: 0.001, stability: {kept: 4, samples: 4}};
      expect((await written('weak', weak)).markdown).toMatch(/\| \+0\.0010 ±\u00a00\.0020, uncertain \| 4 of 4 \|/);
      expect(markdown).toMatch(/^\| hour \| category \| few values \| number \| --as 'hour=number' \|$/m);
      expect(markdown).toMatch(
        /^\| user × genres of films \| yes \| .* \| products \d\.\d{3} and cells \d\.\d{3} \| 0\.\d{4} \|$/m,
      );
    },
  );

  it('says that a list has a value, and that it is missing', async () => {
    const whole = shapedSelection();
    const example = {rate: 0.5, expected: 0.25, rows: 40, positives: 20};
    const examples = ['drama', 'missing'].map(genre => ({...example, values: ['anna', genre]}));
    const {markdown} = await written('lists', {
      ...whole,
      interactions: whole.interactions.map(each => (each.fields[1] === 'genres of films' ? {...each, examples} : each)),
    });
    const share = '50.0\u00a0% instead of 25.0\u00a0%, 40 rows';
    expect(markdown).toContain(`user is anna and genres of films has drama: ${share}<br>`);
    expect(markdown).toContain(`user is anna and genres of films is missing: ${share}`);
  });

  it('names the only pair in the singular', async () => {
    const fields = [
      {name: 'user', size: 9},
      {name: 'hour', size: 5},
    ];
    const only = await written('only', shapedSelection({fields, kept: 1}));
    expect(only.answer).toMatch(
      /^The only pair of fields is kept to predict a click: user × hour; on the test rows a model of it /,
    );
    expect(only.markdown).toContain('The only kept interaction. AUC alone: ');
    const none = await written('not-even', shapedSelection({fields, kept: 0}));
    expect(none.answer).toMatch(
      /^The only pair of fields is not shown to help predict a click; on .* a model with it /,
    );
    expect(none.markdown).toContain('Held-out rows do not confirm it.');
  });

  it('says in three sentences how the model was chosen', async () => {
    const run = shapedSelection();
    const {markdown} = await written('choice', run);
    expect(markdown).toContain(
      'The 1,200 training and validation rows were dealt into 4 folds, and everything that an interaction can add to ' +
        'logistic regression was fitted without a fold and predicted for the rows of that fold',
    );
    const decision = {...run.decision, evidence: {by: 'held-out part' as const, share: 0.2}};
    const part = await written('part', {...run, decision});
    expect(part.markdown).toContain('The 1,200 training and validation rows were held out (20.0\u00a0% of all), and ');
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
    expect(markdown).toMatch(/^\| 0\.001 \(chosen\) \| 0\.4480 \| \+0\.0010 ±\u00a00\.0029 \|$/m);
    expect(markdown).toMatch(/^\| job \| \+0\.0400 ±\u00a00\.0020 \|\n\| age \| \+0\.0300 /m);
  });

  it('draws and names the gain, and no alpha', async () => {
    const {markdown, html} = await written('gain', shapedSelection());
    expect(markdown).toContain('the stronger the colour, the larger the gain.');
    const [figure] = /<figure id="picture-interactions">[\s\S]*?<\/figure>/.exec(html)!;
    expect(figure).toContain('>.0200</text>');
    expect(figure).not.toContain('>alpha</text>');
  });

  it('explains arrows', async () => {
    const arrows = 'Before the arrow: the model with all pairs or interactions. After it: the chosen model.';
    expect((await written('names', shapedSelection())).markdown).toContain(`- Numbers with an arrow: ${arrows}`);
  });

  it.each<[string, number | null, RegExp, string[]]>([
    [
      'no interaction helps',
      0,
      /^None of the 10 pairs of fields is shown to help predict a click; on the test rows logistic regression alone \(AUC 0\.\d{4}\) is better than a model of them all \(0\.\d{4}\)\.$/,
      ['alone', 'calibration'],
    ],
    [
      'rows are too few for gates',
      null,
      /^There are too few rows to tell interactions from chance: logistic regression alone predicts a click, with AUC 0\.\d{4} on the test rows\.$/,
      ['calibration'],
    ],
  ])('is a whole report where %s', async (name, kept, expected, wanted) => {
    const shaped = shapedSelection({kept});
    const {html: page, answer, markdown, pictures} = await written(name.replaceAll(' ', '-'), shaped);
    expect(answer).toMatch(expected);
    expect(pictures).toEqual(wanted);
    expect(markdown).toMatch(/^\| logistic regression \(chosen\) \| 0\.\d{4} \| 0\.\d{4} \| – \| /m);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});
