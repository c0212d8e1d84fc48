import {autoSelect, AutoSelectArgs, Candidate} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {firstStrength, SearchSetting} from '../../../src/select/search_run';
import {batchesOf} from '../../../src/training/rows';
import {mean} from '../../../src/statistics';
import type {DataName} from '../data';
import {barChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, range, short} from '../numbers';
import {now, Phase, phases, secondsByPhase} from '../phases';
import {dataOf, entriesOf, groupBy, Plan, Section} from '../plan';
import {protocol} from '../protocol';

/** Steps of a search that is half as long as the library's. */
const HALF = 1500;

const halfAsLong = ({train, seed, training: {batchSize}}: SearchSetting) => Math.ceil(HALF / batchesOf(train, batchSize, seed).size);

interface Way {
  args(setting: SearchSetting): Pick<AutoSelectArgs, 'searchEpochs' | 'strengths'>;
  /** Where it is tried; by default everywhere. */
  on?: readonly DataName[];
}

/** The ways to run autoSelect; the first is what the others are compared with, in the same process. */
const ways: Record<string, Way> = {
  'as it is': {args: () => ({})},
  // On Adult a tenth of the time is searched.
  'searches half as long': {args: setting => ({searchEpochs: halfAsLong(setting)}), on: ['frappe', 'flights']},
  'one search': {args: setting => ({strengths: [firstStrength(setting)]})},
  // On Frappe it was both slower and worse than one search of full length.
  'one search, half as long': {
    args: setting => {
      const searchEpochs = halfAsLong(setting);
      return {searchEpochs, strengths: [firstStrength({...setting, searchEpochs})]};
    },
    on: ['frappe'],
  },
};

interface Result {
  way: string;
  chosen: Candidate;
  candidates: Candidate[];
  searched: Array<{strength: number, kept: number, seconds: number}>;
  /** Of the processor, all threads together. */
  seconds: Record<Phase, number>;
}

/** Where autoSelect's time goes, and what less of it costs. */
export const cost: Plan = {
  name: 'cost',
  title: 'What autoSelect costs',
  about: `autoSelect with FM: as it is; with searches of ${HALF.toLocaleString('en')} steps instead of 3,000; with the first search only; with both. Choices are made as ever, so where rows are few by cross-validation. Seconds are those of the ` +
    'processor, all threads together, so that other work on the machine counts little. All ways of a data set and seed ran in one process, one after the other.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1, 2]},

  jobs: ({data, seeds}) => data.flatMap(name => seeds.map(seed => ({
    key: `${name} ${seed}`, data: name, seed, run: (lab: Lab) => run(name, seed, lab),
  }))),

  report: entries => [
    ...dataOf(entries).map(data => comparison(data, entriesOf(entries, data))),
    ...shares(entries),
  ],
};

async function run(name: DataName, seed: number, lab: Lab): Promise<Result[]> {
  const {fields, parts} = await lab.data(name, seed);
  const {training, build} = protocol(name, 'shallow');
  const model = build(autoFm, {fields, seed});
  const results: Result[] = [];
  for (const [way, {args, on}] of Object.entries(ways)) {
    if (on !== undefined && !on.includes(name)) continue;
    const moments = [now()];
    const {model: slim, chosen, candidates, searches} = await autoSelect({
      model, ...parts, seed, ...training, ...args({model, ...parts, seed, training}), onRun: () => { moments.push(now()); },
    });
    moments.push(now());
    slim.dispose();
    const result = {
      way, chosen, candidates, seconds: secondsByPhase(moments, {candidates, searches}),
      searched: searches.map(({strength, selection, seconds}) => ({strength, kept: selection.length, seconds})),
    };
    results.push(result);
    console.log(`  ${way}: ${chosen.form}, ${chosen.kept} kept, validation AUC ${short(chosen.validation.auc)}, ${total(result).toFixed(0)} s`);
  }
  model.dispose();
  return results;
}

const total = ({seconds}: Pick<Result, 'seconds'>) => phases.reduce((sum, phase) => sum + seconds[phase], 0);

function comparison(data: string, entries: Entry[]): Section {
  const runs = entries.flatMap(({result}) => {
    const results = result as Result[];
    return results.map(r => ({...r, base: results[0]}));
  });
  return {
    kind: 'table', title: data,
    head: ['', 'kept', 'chosen', 'validation AUC', 'difference', 'cross-validation AUC', 'test AUC', 'difference', 'seconds', 'share of the time'],
    rows: groupBy(runs, ({way}) => way).map(([way, list]) => [
      way, range(list.map(r => r.chosen.kept)), [...new Set(list.map(r => r.chosen.form))].join(', '),
      meanSd(list.map(r => r.chosen.validation.auc)), meanSd(list.map(r => r.chosen.validation.auc - r.base.chosen.validation.auc)),
      meanSd(list.flatMap(r => r.chosen.crossAuc ?? [])),
      meanSd(list.map(r => r.chosen.test!.auc)), meanSd(list.map(r => r.chosen.test!.auc - r.base.chosen.test!.auc)),
      meanSd(list.map(total), 0), meanSd(list.map(r => total(r) / total(r.base)), 2),
    ]),
  };
}

function shares(entries: readonly Entry[]): Section[] {
  const names = dataOf(entries), title = 'Where the time goes, as it is';
  const percent = (data: string, phase: Phase) => 100 * mean(entriesOf(entries, data).map(({result}) => {
    const [asItIs] = result as Result[];
    return asItIs.seconds[phase] / total(asItIs);
  }));
  return [
    {kind: 'table', title, head: ['data', ...phases], rows: names.map(data => [data, ...phases.map(phase => `${Math.round(percent(data, phase))} %`)])},
    {kind: 'figure', name: 'cost', title, chart: barChart(names, phases.map(phase => ({name: phase, values: names.map(data => percent(data, phase))})), '% of the time')},
  ];
}
