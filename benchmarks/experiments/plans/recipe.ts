import {autoSelect, Candidate} from 'tfjs-autofis';
import {autoDeepFm, autoFm} from 'tfjs-autofis/models';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import {meanSd, range, short} from '../numbers';
import {dataOf, entriesOf, groupBy, Job, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {names} from '../runs';

interface Base {
  build: typeof autoFm;
  kind: 'shallow' | 'deep';
  /** The data sets that it is tried on; by default all. */
  on?: readonly DataName[];
}

/** Dropout of embeddings is tried where results/regularise.md has it help a plain model. */
const bases: Record<string, Base> = {
  'FM': {build: autoFm, kind: 'shallow'},
  'DeepFM': {build: autoDeepFm, kind: 'deep'},
  'FM+dropout': {build: options => autoFm({...options, embeddingDropout: 0.2}), kind: 'shallow', on: ['movielens']},
};

interface Result {
  base: string;
  chosen: Candidate;
  candidates: Candidate[];
  searches: Array<{strength: number, kept: number, test: {auc: number}, validation: {auc: number}, seconds: number}>;
  kept: string[];
}

const SEEDS = [1, 2, 3];

/** What FM should reach with autoSelect, and the most pairs it may keep. */
const bars: Partial<Record<string, {auc: number, kept: number}>> = {
  frappe: {auc: 0.9525, kept: 20}, adult: {auc: 0.9122, kept: 45}, movielens: {auc: 0.8115, kept: 23}, flights: {auc: 0.765, kept: 18},
};

const plain = ({candidates}: Result) => candidates.find(c => c.strength === null && c.form === 'plain')!;
/** Strengths follow from the rows, so those of two seeds differ: searches are known by their place in the path. */
const searchName = (strength: number | null, {searches}: Pick<Result, 'searches'>) =>
  strength === null ? 'all interactions' : `search ${1 + searches.findIndex(s => s.strength === strength)}`;
const candidateName = ({strength, form}: Candidate, result: Result) => `${searchName(strength, result)}, ${form}`;

/** autoSelect on every data set, for FM and DeepFM. */
export const recipe: Plan = {
  name: 'recipe',
  title: 'The recipe: autoSelect',
  about: 'Does `autoSelect` with its defaults beat the plain model that it starts from, and with how many interactions? Every choice is made on ' +
    'validation rows, or by cross-validation on training rows. "Plain model" is FM or DeepFM on all interactions, trained with the same protocol and seeds; in FM+dropout ' +
    'every training, of a search, too, drops .2 of the embeddings\' entries.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: SEEDS},

  jobs({data, seeds}) {
    return Object.entries(bases).flatMap(([base, {on = data}]) => data.filter(name => on.includes(name)).flatMap(name => seeds.map(seed => job(base, name, seed))));
  },

  report(entries) {
    const groups = groupBy(entries, ({data, result}) => `${data} ${(result as Result).base}`).map(([, list]) => list);
    return [
      summary(groups), gains(groups), ...dataOf(entries).flatMap(data => details(data, entriesOf(entries, data))),
    ];
  },
};

function job(base: string, data: DataName, seed: number): Job {
  const {build, kind} = bases[base];
  return {
    key: `${base} ${data} ${seed}`, data, seed,
    async run(lab) {
      const {fields, parts} = await lab.data(data, seed);
      const {training, build: compiled} = protocol(data, kind);
      const model = compiled(build, {fields, seed});
      const {chosen, candidates, searches, selection, model: slim} = await autoSelect({model, ...parts, seed, ...training, onRun: tell});
      [model, slim].forEach(m => m.dispose());
      return {base, chosen, candidates, searches: searches.map(({selection: found, ...s}) => ({...s, kept: found.length})), kept: names(selection)};
    },
  };
}

function tell(candidate: Candidate): void {
  const {strength, form, kept} = candidate;
  console.log(`  ${strength === null ? 'all interactions' : `strength ${strength.toFixed(2)}`}, ${form}: ${kept} kept, validation AUC ${short(candidate.validation.auc)}, ${candidate.seconds.toFixed(0)} s`);
}

function summary(groups: Entry[][]): Section {
  return {
    kind: 'table', title: 'Test AUC of autoSelect and of the plain model',
    head: ['data, model', 'plain model', 'autoSelect', 'difference', 'kept', 'logloss', 'seconds', 'bar'],
    rows: groups.map(list => {
      const results = list.map(({result}) => result as Result);
      const auc = results.map(r => r.chosen.test!.auc), base = results.map(r => plain(r).test!.auc);
      const bar = results[0].base === 'FM' ? bars[list[0].data] : undefined;
      const kept = results.map(r => r.chosen.kept);
      const holds = bar !== undefined && auc.reduce((a, b) => a + b, 0) / auc.length >= bar.auc && Math.max(...kept) <= bar.kept;
      return [`${list[0].data}, ${results[0].base}`, meanSd(base), meanSd(auc), meanSd(auc.map((a, i) => a - base[i])), range(kept),
        meanSd(results.map(r => r.chosen.test!.logloss)), meanSd(list.map(entry => entry.wall), 0),
        bar === undefined ? '' : `${short(bar.auc)} with at most ${bar.kept}: ${list.length < SEEDS.length ? `${list.length} of ${SEEDS.length} seeds, ` : ''}${holds ? 'holds' : 'does not hold'}`];
    }),
  };
}

function gains(groups: Entry[][]): Section {
  const results = groups.map(list => list.map(({result}) => result as Result));
  return {
    kind: 'figure', name: 'recipe', title: 'autoSelect: test AUC above that of the plain model',
    chart: runChart(groups.map(([{data, result}]) => `${data}, ${(result as Result).base}`), [
      {name: 'a seed', values: results.map(list => list.map(r => r.chosen.test!.auc - plain(r).test!.auc))},
    ], 'difference of test AUC'),
  };
}

/** Mean and deviation of those that were cross-validated; results of before there was such a thing say nothing of it. */
function crossed(values: Array<number | null | undefined>): string {
  const known = values.flatMap(value => value ?? []);
  return known.length === 0 ? '-' : meanSd(known);
}

function details(data: string, entries: Entry[]): Section[] {
  return groupBy(entries, ({result}) => (result as Result).base).map(([base, list]) => {
    const results = list.map(({result}) => result as Result);
    const candidates = groupBy(results.flatMap(r => r.candidates.map(c => ({c, name: candidateName(c, r), won: JSON.stringify(r.chosen) === JSON.stringify(c)}))),
        ({name}) => name);
    const searches = groupBy(results.flatMap(r => r.searches.map(s => ({...s, name: `${searchName(s.strength, r)} itself, strength`}))), ({name}) => name);
    return {
      kind: 'table' as const, title: `${data}, ${base}: all candidates`, head: ['candidate', 'kept', 'validation AUC', 'cross-validation AUC', 'test AUC', 'seconds', 'chosen'],
      rows: [
        ...searches.map(([name, runs]) => [`${name} ${range(runs.map(s => Number(s.strength.toFixed(1))))}`, range(runs.map(s => s.kept)), meanSd(runs.map(s => s.validation.auc)), '-', meanSd(runs.map(s => s.test.auc)),
          meanSd(runs.map(s => s.seconds), 1), '-']),
        ...candidates.map(([name, runs]) => [name, range(runs.map(({c}) => c.kept)), meanSd(runs.map(({c}) => c.validation.auc)), crossed(runs.map(({c}) => c.crossAuc)),
          meanSd(runs.map(({c}) => c.test!.auc)), meanSd(runs.map(({c}) => c.seconds), 1), `${runs.filter(r => r.won).length} of ${runs.length}`]),
      ],
    };
  });
}
