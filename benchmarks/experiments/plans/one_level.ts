import {randomSelection, SearchStageArgs, Selection} from 'tfjs-autofis';
import {autoDeepFm, autoFm} from 'tfjs-autofis/models';
import {jaccard} from '../../internals';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, range} from '../numbers';
import {dataOf, entriesOf, groupBy, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {names, paperRetrain, searchEpochs, searchOnce} from '../runs';
import {autoModels} from '../zoo';

const bases = {AutoFM: {build: autoFm, kind: 'shallow'}, AutoDeepFM: {build: autoDeepFm, kind: 'deep'}} as const;
type Base = keyof typeof bases;

/** The ways to search, all with the number of interactions that one-level gRDA keeps. */
const searches = ['one-level gRDA', 'held-out rows', 'bi-level (Adam)', 'top-K (Adam)', 'random'] as const;
type SearchName = (typeof searches)[number];

interface Result {
  base: Base;
  search: SearchName;
  kept: number;
  selected: string[];
  /** Test AUC after the retrain, and of the model at the end of the search. */
  auc: number;
  validationAuc: number;
  searchAuc: number | null;
  seconds: number;
}

/** One-level gRDA against the alternatives. */
export const oneLevel: Plan = {
  name: 'onelevel',
  title: 'One level or two?',
  question: 'Should gates learn from training rows or from validation rows?',
  about:
    'The paper argues for one level: alpha by gRDA on the training batches. Here it is compared with alpha on ' +
    'validation batches (by gRDA, and by Adam in the manner of DARTS), the top-K of a plain training by Adam, ' +
    'and a random set. All except the held-out gRDA keep as many interactions as one-level gRDA. All are ' +
    'retrained from fresh weights and alpha. ' +
    'The runs are of the former search, in which a calibrated threshold closed gates.',
  defaults: {data: ['frappe', 'adult'], seeds: [1, 2, 3]},

  jobs: ({data, seeds}) =>
    (Object.keys(bases) as Base[]).flatMap(base =>
      data.flatMap(name =>
        seeds.map(seed => ({
          key: `${base} ${name} ${seed}`,
          data: name,
          seed,
          run: (lab: Lab) => run(base, name, seed, lab),
        })),
      ),
    ),

  report: entries => dataOf(entries).flatMap(data => tables(data, entriesOf(entries, data))),
};

async function run(base: Base, name: DataName, seed: number, lab: Lab): Promise<Result[]> {
  const {build, kind} = bases[base];
  const data = await lab.data(name, seed);
  const {training, build: compiled} = protocol(name, kind);
  const strength = autoModels[base].strength[name];
  const heldOut = data.parts.validation;
  const results: Result[] = [];
  let keep = 0;
  const ways: Record<Exclude<SearchName, 'random'>, () => SearchStageArgs & {strength?: number}> = {
    'one-level gRDA': () => ({strength}),
    'held-out rows': () => ({method: {type: 'heldOut', rows: heldOut}}),
    'bi-level (Adam)': () => ({method: {type: 'topK', k: keep, heldOut}}),
    'top-K (Adam)': () => ({method: {type: 'topK', k: keep}}),
  };
  for (const search of searches) {
    // Where one-level gRDA closes every gate there is no size that the others could have.
    if (keep === 0 && search !== 'one-level gRDA' && search !== 'held-out rows') continue;
    const model = compiled(build, {fields: data.fields, seed});
    let selection: Selection;
    let searchAuc: number | null = null;
    let seconds = 0;
    if (search === 'random') selection = randomSelection(model, {size: keep, seed});
    else {
      const found = await searchOnce(model, data, {
        epochs: searchEpochs[name],
        batchSize: training.batchSize,
        seed,
        ...ways[search](),
      });
      ({selection, seconds} = found);
      searchAuc = found.test.auc;
    }
    if (search === 'one-level gRDA') keep = selection.length;
    if (selection.length > 0) {
      const {auc, validationAuc} = await paperRetrain(model, selection, data, training, seed);
      results.push({
        base,
        search,
        kept: selection.length,
        selected: names(selection),
        auc,
        validationAuc,
        searchAuc,
        seconds,
      });
    }
    model.dispose();
  }
  return results;
}

function tables(data: string, entries: Entry[]): Section[] {
  return groupBy(
    entries.flatMap(({result}) => result as Result[]),
    r => r.base,
  ).flatMap(([base, list]) => {
    const bySearch = groupBy(list, r => r.search);
    return [
      {
        kind: 'table' as const,
        title: `${data}, ${base}`,
        head: ['search', 'kept', 'AUC', 'AUC of the search model', 'search s', 'agreement between seeds (Jaccard)'],
        rows: bySearch.map(([search, runs]) => [
          search,
          range(runs.map(r => r.kept)),
          meanSd(runs.map(r => r.auc)),
          meanSd(runs.flatMap(r => r.searchAuc ?? [])),
          meanSd(
            runs.map(r => r.seconds),
            1,
          ),
          meanSd(
            runs.flatMap((a, i) => runs.slice(i + 1).map(b => jaccard(a.selected, b.selected))),
            2,
          ),
        ]),
      },
      {
        kind: 'figure' as const,
        name: `onelevel-${data}-${base}`,
        title: `${data}, ${base}: test AUC by search`,
        chart: runChart(
          bySearch.map(([search]) => search),
          [
            {name: 'retrained', values: bySearch.map(([, runs]) => runs.map(r => r.auc))},
            {name: 'search model', values: bySearch.map(([, runs]) => runs.flatMap(r => r.searchAuc ?? []))},
          ],
          'test AUC',
        ),
      },
    ];
  });
}
