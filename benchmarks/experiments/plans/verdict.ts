import {randomSelection, retrainModel, type Selection} from 'tfjs-autofis';
import {autoDeepFm, autoFm} from 'tfjs-autofis/models';
import {estimate, mean} from '../../internals';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {short} from '../numbers';
import {dataOf, entriesOf, Plan, Section} from '../plan';
import {beyondPlateau, protocol} from '../protocol';
import {interactionCount, type ModelRun, searchEpochs, searchOnce, trainOnce} from '../runs';

const bases = {FM: {build: autoFm, kind: 'shallow'}, DeepFM: {build: autoDeepFm, kind: 'deep'}} as const;
type Base = keyof typeof bases;

const SEEDS = [1, 2, 3];
const RANDOM_SETS = 5;

/** Forms of a retraining: with normalised products and alpha, or plain as in FM. */
const forms = {gated: {}, plain: {alpha: 'none', batchNorm: false}} as const;
type Form = keyof typeof forms;

interface Standing {
  contestant: string;
  form: Form;
  kept: number;
  auc: ReturnType<typeof estimate>;
  logloss: {mean: number};
  validationAuc: number;
  runs: Array<{test: {auc: number}}>;
}

interface Result {
  base: Base;
  /** `words` are of earlier runs, which also compared the sets by tests. */
  verdict: {words?: string; standings: Standing[]};
}

/** Retrainings of what one search selects, and of the sets that it is compared with. */
export const verdict: Plan = {
  name: 'verdict',
  title: 'Is the selection worth anything? The verdict',
  question: 'Does a selection beat all interactions and random sets of its size?',
  about:
    'The selection of a search by `SearchStage`, whose alpha learns from validation batches, is retrained on the ' +
    `seeds ${SEEDS.join(', ')} and compared with all interactions and 15 random sets of its size; recorded runs also ` +
    'have the top-K of a plain training. Each of them counts in the form that validation chooses. ' +
    'The runs are of the former search, in which a calibrated threshold closed gates.',
  defaults: {data: ['frappe', 'adult'], seeds: [1]},

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

  report: entries => dataOf(entries).flatMap(data => entriesOf(entries, data).flatMap(entry => sections(data, entry))),
};

async function run(base: Base, name: DataName, seed: number, lab: Lab): Promise<Result> {
  const {build, kind} = bases[base];
  const data = await lab.data(name, seed);
  const {fields, parts} = data;
  const {training, build: compiled} = protocol(name, kind);
  const model = compiled(build, {fields, seed});
  const search = {epochs: searchEpochs[name], batchSize: training.batchSize, seed, heldOut: parts.validation};
  const {selection} = await searchOnce(model, data, search);
  const random = (size: number, of: number) => randomSelection(model, {size, seed: of});
  const sets: Record<string, (of: number) => Selection[]> = {
    selection: () => [selection],
    all: () => [random(interactionCount(fields.length, 'pairs'), 0)],
    random: of => Array.from({length: RANDOM_SETS}, (_, r) => random(selection.length, 1000 * of + r)),
  };
  const patient = kind === 'shallow' ? beyondPlateau(name, training) : training;
  const standings: Standing[] = [];
  for (const contestant of Object.keys(sets)) {
    for (const form of Object.keys(forms) as Form[]) {
      const trained: ModelRun[] = [];
      for (const [of, set] of SEEDS.flatMap(each => sets[contestant](each).map(one => [each, one] as const))) {
        const slim = retrainModel(model, set, {...forms[form], seed: of});
        trained.push(await trainOnce(slim, data, patient, of, set.length));
      }
      standings.push({
        contestant,
        form,
        kept: trained[0].kept!,
        auc: estimate(trained.map(({auc}) => auc)),
        logloss: {mean: mean(trained.map(({logloss}) => logloss))},
        validationAuc: mean(trained.map(({validationAuc}) => validationAuc)),
        runs: trained.map(({auc}) => ({test: {auc}})),
      });
    }
  }
  model.dispose();
  return {base, verdict: {standings}};
}

function sections(data: string, {result, seed}: Entry): Section[] {
  const {
    base,
    verdict: {words, standings},
  } = result as Result;
  const contestants = [...new Set(standings.map(s => s.contestant))];
  const runsOf = (contestant: string, form: Form) =>
    standings
      .filter(s => s.contestant === contestant && s.form === form)
      .flatMap(({runs}) => runs.map(run => run.test.auc));
  const interval = (e: {interval: [number, number] | null}) =>
    e.interval === null ? '-' : e.interval.map(x => short(x)).join(' to ');
  return [
    {
      kind: 'table',
      title: `${data}, ${base}, search with seed ${seed}`,
      head: ['', 'form', 'kept', 'AUC', '95 % interval', 'logloss', 'validation AUC'],
      rows: standings.map(s => [
        s.contestant,
        s.form,
        String(s.kept),
        short(s.auc.mean),
        interval(s.auc),
        short(s.logloss.mean),
        short(s.validationAuc),
      ]),
    },
    ...(words === undefined ? [] : [{kind: 'text' as const, text: words}]),
    {
      kind: 'figure',
      name: `verdict-${data}-${base}`,
      title: `${data}, ${base}: test AUC of retrained sets`,
      chart: runChart(
        contestants,
        (Object.keys(forms) as Form[]).map(form => ({
          name: form,
          values: contestants.map(contestant => runsOf(contestant, form)),
        })),
        'test AUC',
      ),
    },
  ];
}
