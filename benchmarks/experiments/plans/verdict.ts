import {judgeSelection, Verdict} from 'tfjs-autofis';
import {autoDeepFm, autoFm} from 'tfjs-autofis/models';
import {ContestantName, type Form, forms} from '../../internals';
import type {DataName} from '../data';
import {runChart} from '../figure';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {short} from '../numbers';
import {dataOf, entriesOf, Plan, Section} from '../plan';
import {beyondPlateau, protocol} from '../protocol';
import {searchEpochs, searchOnce} from '../runs';

const bases = {FM: {build: autoFm, kind: 'shallow'}, DeepFM: {build: autoDeepFm, kind: 'deep'}} as const;
type Base = keyof typeof bases;

const SEEDS = [1, 2, 3];

interface Result {
  base: Base;
  verdict: Verdict;
}

/** judgeSelection on what one search selects. */
export const verdict: Plan = {
  name: 'verdict',
  title: 'Is the selection worth anything? The verdict',
  question: 'Does a selection beat all interactions and random sets of its size?',
  about:
    '`judgeSelection` with its defaults retrains the selection of a search by `SearchStage`, whose alpha learns from ' +
    `validation batches, on the seeds ${SEEDS.join(', ')}, and compares it with all interactions, the top-K of a plain training, and 15 random sets ` +
    'of its size. Each of them counts in the form that validation chooses. ' +
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
  const {selection} = await searchOnce(model, data, {
    epochs: searchEpochs[name],
    batchSize: training.batchSize,
    seed,
    heldOut: parts.validation,
  });
  const patient = kind === 'shallow' ? beyondPlateau(name, training) : training;
  const result = await judgeSelection({
    model,
    selection,
    ...parts,
    seeds: SEEDS,
    ...patient,
  });
  model.dispose();
  return {base, verdict: result};
}

function sections(data: string, {result, seed}: Entry): Section[] {
  const {
    base,
    verdict: {words, standings},
  } = result as Result;
  const contestants = [...new Set(standings.map(s => s.contestant))];
  const runsOf = (contestant: ContestantName, form: Form) =>
    standings
      .filter(s => s.contestant === contestant && s.form === form)
      .flatMap(({runs}) => runs.map(run => run.test.auc));
  const interval = (e: {interval: [number, number] | null}) =>
    e.interval === null ? '-' : e.interval.map(x => short(x)).join(' to ');
  return [
    {
      kind: 'table',
      title: `${data}, ${base}, search with seed ${seed}`,
      head: [
        '',
        'form',
        'kept',
        'AUC',
        '95 % interval',
        'logloss',
        'validation AUC',
        'parameters',
        'training s',
        'inference s / million',
      ],
      rows: standings.map(s => [
        s.contestant,
        s.form,
        String(s.kept),
        short(s.auc.mean),
        interval(s.auc),
        short(s.logloss.mean),
        short(s.validationAuc),
        s.parameters.toLocaleString('en'),
        s.trainingSeconds.toFixed(1),
        s.inferenceSeconds.toFixed(2),
      ]),
    },
    {kind: 'text', text: words},
    {
      kind: 'figure',
      name: `verdict-${data}-${base}`,
      title: `${data}, ${base}: test AUC of retrained sets`,
      chart: runChart(
        contestants,
        forms.map(form => ({name: form, values: contestants.map(contestant => runsOf(contestant, form))})),
        'test AUC',
      ),
    },
  ];
}
