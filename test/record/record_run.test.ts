import {RunRecord, recordRun, RecordRunArgs, SearchStage, SeededBatches, StageRecorder, TwoStage} from 'tfjs-autofis';
import {checkRun} from '../../src/record/check_run';
import {asTensors, fields, gatedModel} from '../helpers/models';
import {decisionOf, flat, parts, searchOf, smallRun} from '../helpers/run';
import {shapedSelection} from '../helpers/shaped_selection';
import {alphas, captureWarnings} from '../helpers/search';
import {expectNoLeak, messageOf} from '../helpers/tensors';
import {grdaThreshold} from '../../optimizers/grda';

captureWarnings();
let run: RunRecord;
beforeAll(async () => {
  const quiet = jest.spyOn(console, 'warn').mockImplementation(() => {});
  // More steps than a curve has points.
  run = await smallRun({batchSize: 40});
  quiet.mockRestore();
});

describe('StageRecorder', () => {
  it('keeps the way of alpha: from its start to its end, with the threshold of each step', () => {
    const {steps, alpha} = searchOf(run).search;
    expect(steps).toBe(375);
    const {points, gates, closedAt} = alpha;
    expect(gates).toHaveLength(1);
    expect(gates[0]).toMatchObject({order: 2, fields: fields.map(f => f.name)});
    expect(gates[0].interactions).toHaveLength(6);
    expect(points.length).toBeGreaterThan(90);
    expect(points.length).toBeLessThanOrEqual(200);
    expect(points[0].step).toBe(0);
    for (const a of points[0].alpha[0]) expect(Math.abs(a - 0.6)).toBeLessThan(0.002);
    expect(points[points.length - 1].step).toBe(375);
    // gamma is .3 in the first fifth of the search.
    for (const {step, threshold} of points.filter(point => point.step <= 75))
      expect(threshold).toBeCloseTo(grdaThreshold(step, {learningRate: 0.3, c: 0.12, mu: 0.6}), 4);
    const open = points[points.length - 1].alpha[0].map(a => a !== 0);
    expect(closedAt[0].map(step => step === null)).toEqual(open);
    expect(open).toContain(false);
  });

  it('knows the step at which a gate closed for good', () => {
    const {points, closedAt} = searchOf(run).search.alpha;
    closedAt[0].forEach((step, p) => {
      for (const point of points) if (step !== null && point.step >= step) expect(point.alpha[0][p]).toBe(0);
      // It was open just before.
      const before = points.filter(point => step !== null && point.step < step).pop();
      if (before !== undefined && step! - before.step === 1) expect(before.alpha[0][p]).not.toBe(0);
    });
  });

  it('keeps the mean training loss over steps, and what was logged at the end of each epoch', () => {
    const {loss, epochs} = searchOf(run).search;
    expect(loss.reduce((sum, {steps}) => sum + steps, 0)).toBe(375);
    expect(loss[loss.length - 1].step).toBe(375);
    expect(epochs.map(({epoch, step}) => [epoch, step])).toEqual(
      Array.from({length: 15}, (_, i) => [i + 1, 25 * (i + 1)]),
    );
    // All batches are of 40 rows, so the epoch's loss is the mean of its steps.
    const mean = loss.filter(({step}) => step <= 375).reduce((sum, l) => sum + l.loss * l.steps, 0) / 375;
    expect(mean).toBeCloseTo(epochs.reduce((sum, {logs}) => sum + logs['loss'], 0) / 15, 4);
    expect(Object.keys(epochs[0].logs)).toEqual(
      expect.arrayContaining(['loss', 'openGates', 'threshold', 'val_auc', 'val_logloss']),
    );
    expect(searchOf(run).retrain!.alpha).toBeNull();
    expect(searchOf(run).retrain!.epochs).toHaveLength(4);
  });

  it('changes nothing and leaves no tensor', async () => {
    const rows = asTensors(parts.train);
    const train = async (callbacks: object[]) => {
      const model = gatedModel();
      const search = new SearchStage({recipe: 'paper', c: 0.12, learningRate: 0.3});
      await model.fitDataset(new SeededBatches(rows, {batchSize: 100, seed: 1}) as never, {
        epochs: 3,
        verbose: 0,
        callbacks: [search, ...(callbacks as never[])],
      });
      const [result] = alphas(model);
      model.dispose();
      return result;
    };
    const plain = await train([]);
    await expectNoLeak(async () => expect(await train([new StageRecorder()])).toEqual(plain));
    rows.dispose();
  });

  it('records the search of a TwoStage, which ends before the fit does', async () => {
    const model = gatedModel();
    const rows = asTensors(parts.train);
    const recorder = new StageRecorder();
    await model.fitDataset(new SeededBatches(rows, {batchSize: 100, seed: 1}) as never, {
      epochs: 4,
      verbose: 0,
      callbacks: [new TwoStage({search: {recipe: 'paper', epochs: 2}}), recorder],
    });
    expect(recorder.record.steps).toBe(40);
    expect(recorder.record.alpha!.points.map(p => p.step).slice(0, 21)).toEqual(Array.from({length: 21}, (_, i) => i));
    model.dispose();
    rows.dispose();
  });
});

describe('recordRun', () => {
  it('is plain JSON that checkRun takes', () => {
    const read = JSON.parse(JSON.stringify(run)) as unknown;
    expect(read).toEqual(run);
    expect(() => checkRun('test', read)).not.toThrow();
  });

  it('has every interaction, with alpha and its own AUC', () => {
    expect(run.interactions.map(i => i.fields)).toEqual([
      ['user_ID', 'C1'],
      ['user_ID', 'a_b'],
      ['user_ID', 'hour'],
      ['C1', 'a_b'],
      ['C1', 'hour'],
      ['a_b', 'hour'],
    ]);
    expect(run.interactions.map(({kept}) => kept)).toEqual(
      searchOf(run).search.alpha.closedAt[0].map(step => step === null),
    );
    for (const {kept, alpha, evidence, auc} of run.interactions) {
      expect(kept).toBe(alpha !== 0);
      expect(evidence).toBeNull();
      expect(auc).toBeGreaterThan(0.4);
    }
    expect(
      run.interactions
        .filter(i => i.kept)
        .map(i => i.alpha)
        .sort(),
    ).toEqual(run.selection.map(s => s.alpha).sort());
    expect(run.correlation!.interactions).toBe(6);
    expect(run.correlation!.pearson).toBeGreaterThan(0);
  });

  it('shows the strongest values of kept interactions by name, others by number', () => {
    const [first] = run.interactions;
    expect(first.kept).toBe(true);
    expect(first.examples[0].values[0]).toMatch(/^(ann|bob|cyd|dan|eve|fay)$/);
    expect(first.examples[0].values[1]).toMatch(/^#[0-4]$/);
    for (const {kept, examples} of run.interactions) if (!kept) expect(examples).toEqual([]);
  });

  it('counts the rows of its parts', () => {
    expect(run.data.parts.map(p => [p.name, p.rows])).toEqual([
      ['train', 1000],
      ['validation', 200],
      ['test', 300],
    ]);
    expect(run.data.parts[0].positives).toBe(parts.train.labels.reduce((sum, y) => sum + y, 0));
  });

  it('scores no more interactions than asked', () => {
    const again = recordRun({...given(), scored: 2});
    expect(again.interactions.filter(i => i.auc !== null)).toHaveLength(2);
    expect(again.correlation).toBeNull();
  });

  it('has the decision of a selection, and the evidence of each interaction', () => {
    const record = shapedSelection({kept: 4});
    expect(() => checkRun('test', JSON.parse(JSON.stringify(record)))).not.toThrow();
    const {scores, interactions} = decisionOf(record);
    expect(scores.random).toHaveLength(3);
    expect(record.interactions.map(({kept}) => kept)).toEqual(interactions.map(({open}) => open));
    expect(record.interactions[1]).toMatchObject({
      fields: ['user', 'hour'],
      evidence: {gain: 0.016, standardError: 0.002, stability: {kept: 4, samples: 4}},
    });
    expect(record.data.assumptions).toHaveLength(2);
  });

  it('shows no values where rows are noise', () => {
    const examples = shapedSelection({kept: 4, rows: 3000}).interactions.flatMap(each => each.examples);
    expect(
      examples.every(({rows, rate, expected}) => {
        const error = Math.sqrt(rows * expected * (1 - expected) + 1);
        return Math.abs(rows * (rate - expected)) > 1.96 * error;
      }),
    ).toBe(true);
  });

  it('is a run, too, where no interaction helps, and where there were too few rows for gates', () => {
    const none = shapedSelection({kept: 0});
    expect([none.selection, none.interactions.length]).toEqual([[], 10]);
    expect(none.models.map(({name, role}) => [name, role])).toEqual([
      ['logistic regression', 'after'],
      ['FFM, all 10 pairs', 'before'],
    ]);
    const few = shapedSelection({kept: null});
    expect([few.selection, few.interactions]).toEqual([[], []]);
    expect(few.warnings).toHaveLength(1);
  });

  it('says what is wrong', async () => {
    const selectedBy = (changed: object) => ({...given(), selectedBy: {...given().selectedBy, ...changed} as never});
    expect(await messageOf(() => recordRun({...given(), selectedBy: undefined as never}))).toBe(
      'recordRun: `selectedBy.type` must be one of "components", "search". Received: undefined.',
    );
    expect(await messageOf(() => recordRun(selectedBy({type: 'components'})))).toBe(
      'recordRun: `selectedBy.decision` must be that of `autoSelect`. Received: undefined.',
    );
    expect(await messageOf(() => recordRun(selectedBy({selection: undefined})))).toBe(
      'recordRun: `selectedBy.selection` must be that of the SearchStage. Received: undefined.',
    );
    expect(await messageOf(() => recordRun({...given(), models: []}))).toBe(
      "recordRun: `models` must hold one model of role 'after'. Received: [].",
    );
    expect(await messageOf(() => recordRun(selectedBy({search: {...searchOf(run).search, alpha: null}})))).toBe(
      'recordRun: `selectedBy.search` must be the record of a StageRecorder that comes after a SearchStage in ' +
        '`callbacks`. This one has no alpha: put the recorder after the search.',
    );
    expect(await messageOf(() => recordRun({...given(), models: run.models.slice(1)}))).toBe(
      'recordRun: `models` must hold one model of role \'before\'. Received: ["slim: after"].',
    );
    expect(await messageOf(() => recordRun({...given(), fields: fields.map(f => ({...f, name: `${f.name}s`}))}))).toBe(
      'recordRun: `fields` must be those of the searched model. Its gate has a field "user_ID", ' +
        'which is not among user_IDs, C1s, a_bs, hours.',
    );
    expect(await messageOf(() => checkRun('report', {}))).toBe(
      'report: `run` must be the result of recordRun, whose format is "tfjs-autofis-run". Received: undefined.',
    );
    expect(await messageOf(() => checkRun('report', {...run, version: 3}))).toBe(
      'report: `run` must be of version 2. Received: 3. Read it with the version of the library that wrote it.',
    );
    expect(await messageOf(() => checkRun('report', {...run, version: 1}))).toBe(
      'report: `run` must be of version 2. Received: 1. Runs of version 1 chose among candidate models and cannot be ' +
        'converted: run `tfjs-autofis run` or `select` again, then `report`.',
    );
    const {models: _, ...rest} = run;
    expect(await messageOf(() => checkRun('report', rest))).toBe(
      'report: `run` has no `models`. The file is damaged, or was changed by hand.',
    );
  });
});

function given(): RecordRunArgs {
  return {
    title: 't',
    positive: 'p',
    fields,
    train: flat(parts.train),
    test: flat(parts.test),
    selectedBy: {type: 'search', search: searchOf(run).search, selection: run.selection},
    models: run.models,
    backend: 'b',
    versions: {},
  };
}
