import {autoFm} from 'tfjs-autofis/models';
import {jaccard, pearson, spearman} from '../../internals';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd} from '../numbers';
import {dataOf, entriesOf, groupBy, Plan, Section} from '../plan';
import {protocol} from '../protocol';
import {searchEpochs, searchOnce} from '../runs';

/** The search with and without batch normalisation of the products. */
const forms = {'with BN': true, 'without BN': false} as const;
type Form = keyof typeof forms;

/** Share of the pairs that counts as the largest ones. */
const TOP = 0.2;

interface Result {
  form: Form;
  /** |alpha| of each pair. */
  alpha: Record<string, number>;
  auc: number;
}

/** The paper's motive for BN: whether alpha means the same in every run. */
export const stability: Plan = {
  name: 'stability',
  title: 'Is alpha stable, with and without BN?',
  question: 'Do two searches agree more on alpha where products are normalised?',
  about:
    'The paper normalises products in the search because alpha and the product are coupled in scale: an embedding ' +
    'twice as long allows half the alpha. AutoFM is searched with gates that nothing closes (strength near 0), with ' +
    'BN and without. For each pair of seeds the |alpha| of all interactions are compared: their correlation, that ' +
    'of their ranks, and the Jaccard index of the largest fifth. Seeds also draw other validation rows.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1, 2, 3, 4, 5]},

  jobs: ({data, seeds}) =>
    data.flatMap(name =>
      seeds.flatMap(seed =>
        (Object.keys(forms) as Form[]).map(form => ({
          key: `${form} ${name} ${seed}`,
          data: name,
          seed,
          run: (lab: Lab) => run(form, name, seed, lab),
        })),
      ),
    ),

  report: entries => dataOf(entries).flatMap(data => sections(data, entriesOf(entries, data))),
};

async function run(form: Form, name: DataName, seed: number, lab: Lab): Promise<Result> {
  const data = await lab.data(name, seed);
  const {training, build} = protocol(name, 'shallow');
  const model = build(autoFm, {fields: data.fields, seed, gate: {batchNorm: forms[form]}});
  const {test, selection} = await searchOnce(model, data, {
    epochs: searchEpochs[name],
    batchSize: training.batchSize,
    seed,
    strength: 1e-6,
  });
  model.dispose();
  return {
    form,
    alpha: Object.fromEntries(selection.map(s => [s.fields.join(' x '), Math.abs(s.alpha)])),
    auc: test.auc,
  };
}

/** A number for each two runs. */
function twoByTwo(runs: readonly Result[], compare: (a: number[], b: number[]) => number): number[] {
  const pairs = Object.keys(runs[0].alpha);
  // A pair whose alpha has met 0 is closed.
  const alphas = runs.map(({alpha}) => pairs.map(pair => alpha[pair] ?? 0));
  return alphas.flatMap((a, i) => alphas.slice(i + 1).map(b => compare(a, b)));
}

const ordered = (values: readonly number[]) => values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
const largest = (values: readonly number[]) =>
  ordered(values)
    .slice(0, Math.round(TOP * values.length))
    .map(String);

function sections(data: string, entries: Entry[]): Section[] {
  const byForm = groupBy(
    entries.map(({result}) => result as Result),
    r => r.form,
  );
  return [
    {
      kind: 'table',
      title: data,
      head: ['search', 'pairs', 'correlation', 'of ranks', 'Jaccard of the largest fifth', 'AUC of the search model'],
      rows: byForm.map(([form, runs]) => [
        form,
        String(Object.keys(runs[0].alpha).length),
        meanSd(twoByTwo(runs, pearson), 2),
        meanSd(twoByTwo(runs, spearman), 2),
        meanSd(
          twoByTwo(runs, (a, b) => jaccard(largest(a), largest(b))),
          2,
        ),
        meanSd(runs.map(r => r.auc)),
      ]),
    },
    {
      kind: 'figure',
      name: `stability-${data}`,
      title: `${data}: correlation of |alpha| between two seeds`,
      chart: runChart(
        byForm.map(([form]) => form),
        [{name: 'two seeds', values: byForm.map(([, runs]) => twoByTwo(runs, pearson))}],
        'correlation',
      ),
    },
  ];
}
