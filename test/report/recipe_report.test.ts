import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {RunRecord} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {shapedRecipe} from '../helpers/shaped_recipe';
import {someVerdict} from '../helpers/shaped_run';
import {unescaped} from './figures';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-report-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe('a run of the recipe', () => {
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
      const better = shapedRecipe();
      expect((await written('better', better)).answer).toBe(
        'Of 10 pairs of fields, 4 are kept to predict a click, above all user × genres of films, ' +
          'user × hour and user × age; on the test rows ' +
          `a model of these 4 (AUC ${fm(better)}) is better than one of all 10 (${all(better)}) and cannot be ` +
          `told apart from logistic regression (${lr(better)}).`,
      );
      const worse = shapedRecipe({beside: {all: 'cannot be told apart', linear: 'worse'}});
      expect((await written('worse', worse)).answer).toMatch(
        / cannot be told apart from one of all 10 \(0\.\d{4}\) and is worse than logistic regression \(0\.\d{4}\)\.$/,
      );
      const trees = shapedRecipe({beside: {all: 'better', linear: 'better', trees: 'worse'}});
      const beside = await written('trees', trees);
      expect(beside.answer).toMatch(
        / is better than one of all 10 \(0\.\d{4}\), is better than logistic regression \(0\.\d{4}\) and is worse than LightGBM \(0\.\d{4}\)\.$/,
      );
      expect(beside.markdown).toMatch(/^\| LightGBM 4\.7\.0 \| 0\.\d{4} \| 0\.\d{4} \| – \| – \| [^|]*\|$/m);
      expect(beside.markdown).toMatch(
        /^\| LightGBM 4\.7\.0 \| worse \| −0\.0123 ±.0\.0039 \| \+0\.0040 ±.0\.0020 \|$/m,
      );
      const whole = shapedRecipe({kept: 10});
      expect((await written('whole', whole)).answer).toMatch(
        /^All 10 pairs of fields are kept .* \(AUC 0\.\d{4}\) cannot be told apart from logistic regression \(0\.\d{4}\)\.$/,
      );
    },
  );

  it('names above all only what held-out rows show to help by itself', async () => {
    const whole = shapedRecipe({kept: 10});
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
    expect((await written('few', shapedRecipe({positives: 0.06}))).answer).toMatch(
      /\. Only 36 test rows are positive: small differences cannot be seen\.$/,
    );
    expect((await written('many', shapedRecipe({positives: 0.94}))).answer).toMatch(
      /\. Only 36 test rows are negative: small differences cannot be seen\.$/,
    );
  });

  it('says first that test rows are copies, and then calls nothing certain', async () => {
    const shaped = shapedRecipe({copied: 0.156});
    const {answer, markdown} = await written('copied', shaped);
    expect(answer).toMatch(
      /^15\.6.% of the test rows are copies of training rows, so nothing that follows is certain\. Of 10 pairs of fields, 4 are kept to predict a click; on the test rows /,
    );
    const row = (text: string) => /^\| user × genres of films \|.*$/m.exec(text)![0];
    expect(row(markdown)).toMatch(/, uncertain \| 20 of 20, uncertain \|/);
    expect(row((await written('not copied', shapedRecipe({copied: 0.05}))).markdown)).not.toContain('uncertain');
  });

  it('follows the verdict once there is one, which has more than one training of each', async () => {
    const {answer, markdown} = await written('judged', {...shapedRecipe(), verdict: someVerdict});
    expect(answer).toContain(
      ' is worse than one of all 10, judged over 3 trainings of each (0.7512 against 0.7532) and cannot be ' +
        'told apart from logistic regression ',
    );
    expect(markdown).toContain(
      'Judged over 3 trainings of each, the selection is worse than all interactions together and cannot be ' +
        'told apart from random sets of its size.',
    );
    const [random, ...others] = someVerdict.duels;
    const once = {...someVerdict, duels: [random, {...others[0], p: null}]};
    expect((await written('once', {...shapedRecipe(), verdict: once})).answer).toContain(
      ' cannot be told apart from one of all 10, judged over ',
    );
  });

  it.each([
    ['a GA2M', 'tables', {tables: {fields: [], interactions: [], lightness: 1}}],
    ['a mean', 'tables', {mean: ['FFM, 3 of 10', 'GA2M, 2 of 10']}],
    ['with crosses', 'memorised crosses', {crosses: true}],
  ])('stays with the test of the chosen model where that is %s, which is not what was judged', async (_, what, own) => {
    const shaped = shapedRecipe();
    const {recipe} = shaped;
    const candidates = recipe!.candidates.map((each, i) => (i === recipe!.chosen ? {...each, ...own} : each));
    const run = {...shaped, recipe: {...recipe!, candidates}, verdict: someVerdict};
    const {answer, markdown} = await written('judged-other', run);
    expect(answer).not.toContain('judged over');
    expect(markdown).toContain(
      'Judged over 3 trainings of each, not the chosen model but one of products of its pairs alone is worse than',
    );
    expect(markdown).toContain(`This verdict is not of the chosen model, which has ${what}: these take no gates.`);
    expect(markdown).toContain('Each model was trained once');
  });

  it(
    'shows each kept pair with its gain, its interval and the half-samples that keep it, ' +
      'and marks the uncertain ones',
    async () => {
      const shaped = shapedRecipe({kept: 5});
      const {markdown} = await written('gains', shaped);
      const rows = markdown.split('\n').filter(line => /^\| user × .*(instead of|–) /.test(line));
      expect(rows[0]).toMatch(/^\| user × genres of films \| \+0\.0200 ±\u00a00\.0039 \| 20 of 20 \| 0\.\d{4} \|/);
      expect(rows.map(row => row.includes(', uncertain'))).toEqual([false, false, false, true]);
      const weak = structuredClone(shaped);
      weak.interactions[0].evidence = {gain: 0.001, standardError: 0.001, stability: {kept: 20, samples: 20}};
      expect((await written('weak', weak)).markdown).toMatch(/\| \+0\.0010 ±\u00a00\.0020, uncertain \| 20 of 20 \|/);
      expect(markdown).toMatch(/^\| hour \| category \| few values \| number \| --as 'hour=number' \|$/m);
      expect(markdown).toMatch(/^\| FM, 5 of 10 \(chosen\) \| 5 \| 1,005 \|/m);
    },
  );

  it('shows of many that are all kept those that gates confirm, or the strongest', async () => {
    const fields = Array.from({length: 8}, (_, i) => ({name: `f${i}`, size: 4}));
    const whole = shapedRecipe({fields, kept: 28});
    const confirming = (count: number): RunRecord => ({
      ...whole,
      interactions: whole.interactions.map((each, i) => ({
        ...each,
        evidence: {gain: 0.1 - i / 1e3, standardError: 0.01, stability: {kept: i < count ? 20 : 0, samples: 20}},
      })),
    });
    const tableOf = async (name: string, run: RunRecord) => {
      const {markdown} = await written(name, run);
      const [table] = /The 28 kept interactions[^|]*(\|[^\n]*\n)+/.exec(markdown)!;
      return {table, rows: table.match(/^\| f\d × /gm)!.length};
    };
    const some = await tableOf('some', confirming(3));
    expect(some.rows).toBe(3);
    expect(some.table).toContain('gates confirm some by themselves. Those are shown.');
    const none = await tableOf('unconfirmed', confirming(0));
    expect(none.rows).toBe(20);
    expect(none.table).toContain('gates confirm none by itself. The 20 strongest are shown.');
    expect((await tableOf('confirmed', confirming(28))).rows).toBe(28);
  });

  it('says that a list has a value, and that it is missing', async () => {
    const whole = shapedRecipe();
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
    const only = await written('only', shapedRecipe({fields, kept: 1}));
    expect(only.answer).toMatch(
      /^The only pair of fields is kept to predict a click: user × hour; on the test rows a model of it /,
    );
    expect(only.markdown).toContain('The only kept interaction. AUC alone: ');
    const none = await written('not-even', shapedRecipe({fields, kept: 0}));
    expect(none.answer).toMatch(
      /^The only pair of fields is not shown to help predict a click; on .* a model with it /,
    );
    expect(none.markdown).toContain('Held-out rows do not confirm it.');
  });

  it('says which models suffice, and which penalty is taken, by the standard errors that decide', async () => {
    const {markdown} = await written('suffices', shapedRecipe());
    expect(markdown).toContain(
      'A model suffices if it is at most one standard error (half of the interval that is shown) behind the best ' +
        'one, by AUC and by logloss. Logistic regression suffices unless another model is ahead of it by more than ' +
        'two and a half standard errors of one of the two and one of the other, or by four of logloss.',
    );
    expect(markdown).toContain(
      'V2 chooses the largest penalty whose logloss is at most one standard error above the least: ',
    );
  });

  it('says of alpha that it is a factor: a pair of a large one may add little', async () => {
    expect((await written('factor', shapedRecipe())).markdown).toContain(
      'Its alpha multiplies what the model has learnt about it; the stronger the colour, the larger alpha.',
    );
  });

  it('says that the folds chose fewer interactions, and why they are enough', async () => {
    const shaped = shapedRecipe();
    const {best, gates} = shaped.recipe!;
    const path = gates[best!].path.map(point => ({...point, open: 1, behind: {difference: 0, standardError: 0}}));
    const found = gates.map((each, g) => (g === best ? {...each, path, by: 'folds' as const} : each));
    const {markdown} = await written('by-folds', {...shaped, recipe: {...shaped.recipe!, gates: found}});
    expect(markdown).toContain(
      'chose. That preferred all interactions, and fewer were enough, since they add at least nine tenths of what ' +
        'all add to logistic regression. The logloss',
    );
    expect(markdown).toMatch(/Rows of the folds choose the largest penalty .* for FM, which leaves 1 gate open\./);
    expect((await written('by-v2', shaped)).markdown).not.toContain('fewer were enough');
  });

  it('explains arrows and the names of models', async () => {
    const {markdown} = await written('names', shapedRecipe());
    const arrows = 'Before the arrow: the model with all pairs or interactions. After it: the chosen model.';
    expect(markdown).toContain(`- Numbers with an arrow: ${arrows}`);
    expect(markdown).toContain(
      '- Names of models: “x of y”: the model has x of the y pairs. “Ridge” and a number: the penalty on all vectors;',
    );
  });

  it('draws the path of the gates in place of the path of alpha, and no curves of stages', async () => {
    expect((await written('pictures', shapedRecipe())).pictures).toEqual(['alpha', 'gates', 'alone', 'calibration']);
  });

  it.each<[string, number | null, RegExp, string[]]>([
    [
      'no interaction helps',
      0,
      /^None of the 10 pairs of fields is shown to help predict a click; on the test rows logistic regression alone \(AUC 0\.\d{4}\) is better than a model of them all \(0\.\d{4}\)\.$/,
      ['gates', 'alone', 'calibration'],
    ],
    [
      'rows are too few for gates',
      null,
      /^There are too few rows to tell interactions from chance: logistic regression alone predicts a click, with AUC 0\.\d{4} on the test rows\.$/,
      ['calibration'],
    ],
  ])('is a whole report where %s', async (name, kept, expected, wanted) => {
    const shaped = shapedRecipe({kept});
    const {html: page, answer, markdown, pictures} = await written(name.replaceAll(' ', '-'), shaped);
    expect(answer).toMatch(expected);
    expect(pictures).toEqual(wanted);
    expect(markdown).toMatch(/^\| LR \(chosen\) \| 0\.\d{4} \| 0\.\d{4} \| – \| /m);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});
