import {RunRecord, recordRun, RecordRunArgs} from 'tfjs-autofis';
import {checkRun} from '../../src/record/check_run';
import {fields} from '../helpers/models';
import {flat, parts, smallRun} from '../helpers/run';
import {shapedSelection} from '../helpers/shaped_selection';
import {messageOf} from '../helpers/tensors';

let run: RunRecord;
let selected: RecordRunArgs['selected'];
beforeAll(async () => {
  ({run, selected} = await smallRun());
});

describe('recordRun', () => {
  it('is plain JSON that checkRun takes', () => {
    const read = JSON.parse(JSON.stringify(run)) as unknown;
    expect(read).toEqual(run);
    expect(() => checkRun('test', read)).not.toThrow();
  });

  it('has every pair, with the evidence of the decision', () => {
    expect(run.interactions.filter(({order}) => order === 2).map(i => i.fields)).toEqual([
      ['user_ID', 'C1'],
      ['user_ID', 'a_b'],
      ['user_ID', 'hour'],
      ['C1', 'a_b'],
      ['C1', 'hour'],
      ['a_b', 'hour'],
    ]);
    const {interactions} = selected.decision;
    expect(run.interactions.map(({kept}) => kept)).toEqual(interactions.map(({open}) => open));
    expect(run.interactions.map(({evidence}) => evidence.gain)).toEqual(interactions.map(({gain}) => gain));
    for (const {kept, alpha} of run.interactions) expect(kept).toBe(alpha !== 0);
  });

  it('counts the rows of its parts', () => {
    expect(run.data.parts.map(p => [p.name, p.rows])).toEqual([
      ['train', 1000],
      ['validation', 200],
      ['test', 300],
    ]);
    expect(run.data.parts[0].positives).toBe(parts.train.labels.reduce((sum, y) => sum + y, 0));
  });

  it('has the decision of a selection, and the evidence of each interaction', () => {
    const record = shapedSelection({kept: 4});
    expect(() => checkRun('test', JSON.parse(JSON.stringify(record)))).not.toThrow();
    const {scores, interactions} = record.decision;
    expect(scores.random).toHaveLength(3);
    expect(record.interactions.map(({kept}) => kept)).toEqual(interactions.map(({open}) => open));
    expect(record.interactions[1]).toMatchObject({
      fields: ['user', 'hour'],
      evidence: {gain: 0.016, standardError: 0.002, stability: {kept: 4, samples: 4}},
    });
    expect(record.data.assumptions).toHaveLength(2);
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
    expect(await messageOf(() => recordRun({...given(), selected: undefined as never}))).toBe(
      'recordRun: `selected` must be a result of `autoSelect` with `fields`. Received: undefined.',
    );
    expect(await messageOf(() => recordRun({...given(), models: []}))).toBe(
      "recordRun: `models` must hold one model of role 'after'. Received: [].",
    );
    const [chosen] = run.models;
    const all = {...chosen, name: 'all', role: 'before' as const};
    expect(await messageOf(() => recordRun({...given(), models: [{...chosen, name: 'slim'}, all, all]}))).toBe(
      "recordRun: `models` must hold one model of role 'before' or none. " +
        'Received: ["slim: after","all: before","all: before"].',
    );
    expect(await messageOf(() => recordRun({...given(), fields: fields.map(f => ({...f, name: `${f.name}s`}))}))).toBe(
      'recordRun: `fields` must be those of the selection. It has a field "user_ID", ' +
        'which is not among user_IDs, C1s, a_bs, hours.',
    );
    expect(await messageOf(() => checkRun('report', {}))).toBe(
      'report: `run` must be the result of recordRun, whose format is "tfjs-autofis-run". Received: undefined.',
    );
    expect(await messageOf(() => checkRun('report', {...run, version: 3}))).toBe(
      'report: `run` must be of version 4. Received: 3. `tfjs-autofis report FOLDER` writes it again from the folder ' +
        'of its run.',
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
    selected,
    models: run.models,
    backend: 'b',
    versions: {},
  };
}
