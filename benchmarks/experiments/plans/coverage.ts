import * as tf from '@tensorflow/tfjs-core';
import {autoSelect, type AutoSelection, type LabeledRows, type TestComparison} from 'tfjs-autofis';
import {
  comparePredictions,
  decisionInWords,
  INTERVAL,
  labelsOfRows,
  logitLoss,
  LogitShares,
  mean,
  predicted,
} from '../../internals';
import type {Entry} from '../journal';
import {knownTruth} from '../known_truth';
import {asTensors, forParts} from '../lab';
import {aroundFive, differingOnNoise, type TestRows} from '../paired_noise';
import {short} from '../numbers';
import {groupBy, type Job, type Plan, type Section} from '../plan';

const ROWS = [5000, 20_000];
const FRESH = 100_000;
const SEEDS = Array.from({length: 40}, (_, i) => i + 1);
/** Test parts of noise, and the tables that are drawn of each. */
const NOISE: TestRows[] = [3, 5, 10, 20, 50, 200].map(positives => ({rows: 500, positives}));
const NOISE_TABLES = 400;
const PAIRED = 'paired test';
/** A share near .95 of a few hundred intervals is as uncertain as this. */
const LEAST_COVERAGE = 0.92;
/** The last digit that a report shows. */
const SHOWN = 1e-4;

/** An estimate, its standard error, and what fresh rows say in its place. */
interface Estimate {
  value: number;
  error: number;
  truth: number;
}

/** The selection against one rival. */
interface Compared {
  rival: string;
  verdict: TestComparison['verdict'];
  auc: Estimate;
  logloss: Estimate;
}

/** The held-out gain of a selected interaction. */
interface JudgedGain {
  /** True if it has both fields of a planted pair. */
  planted: boolean;
  gain: Estimate;
}

interface Result {
  rows: number;
  /** The decision in words. */
  chosen: string;
  /** Numbers of pairs that the chances depend on, of selected pairs, and of planted ones among these. */
  pairs: {planted: number; selected: number; both: number};
  compared: Compared[];
  gains: JudgedGain[];
}

/** Tables of noise on which two models were called different. */
type NoiseResult = TestRows & {differing: number};

/** Whether 95 % intervals hold the truth, and words are right, where the truth is known. */
export const coverage: Plan = {
  name: 'coverage',
  title: 'Do the words hold?',
  question: 'Are the intervals and words of a report right where the truth is known?',
  about:
    'Tables of eight fields whose labels are drawn from known chances, with none to three pairs that matter, weak to ' +
    `strong (benchmarks/experiments/known_truth.ts); ${ROWS.map(n => n.toLocaleString('en')).join(' or ')} rows, of ` +
    'which a tenth are for validation and a tenth for testing. `autoSelect` with its defaults. What it says is then ' +
    `compared with ${FRESH.toLocaleString('en')} fresh rows, which stand for the truth: differences of models, and ` +
    'the held-out gains of interactions, which models of folds give, with what the trained model loses on fresh rows ' +
    'without the interaction. The paired test of test rows alone is also tried on predictions of noise. ' +
    'What a selection claims is judged, not how good its models are. The bar: 95 % ' +
    `intervals hold the truth in at least ${short(LEAST_COVERAGE, 2)} of all cases.`,
  defaults: {data: [], seeds: SEEDS},

  jobs: ({seeds}) => [...ROWS.flatMap(rows => seeds.map(seed => job(rows, seed))), ...NOISE.map(noiseJob)],

  report: all => {
    const entries = all.filter(({data}) => data !== PAIRED);
    return [
      ...(entries.length === 0 ? [] : [intervals(entries), words(entries), gainWords(entries), selections(entries)]),
      ...(entries.length === all.length ? [] : [pairedTest(all.filter(({data}) => data === PAIRED))]),
    ];
  },
};

function noiseJob(test: TestRows): Job {
  return {
    key: `paired ${test.positives} of ${test.rows}`,
    data: PAIRED,
    seed: 1,
    run: async (): Promise<NoiseResult> => ({...test, differing: differingOnNoise(test, NOISE_TABLES, 1)}),
  };
}

/** How often the paired test of test rows calls two models of noise different. */
function pairedTest(entries: readonly Entry[]): Section {
  const [least, most] = aroundFive(NOISE_TABLES).map(share => short(share, 3));
  return {
    kind: 'table',
    title:
      `On noise, how often is one of two models called better or worse? ` +
      `${NOISE_TABLES} tables each: .05 is right, ${least} to ${most} within its error`,
    head: ['test rows', 'of which positive', 'share of tables'],
    rows: entries.map(({result}) => {
      const {rows, positives, differing} = result as NoiseResult;
      return [String(rows), String(positives), short(differing / NOISE_TABLES, 3)];
    }),
  };
}

function job(rows: number, seed: number): Job {
  return {
    key: `${rows} ${seed}`,
    data: `${rows} rows`,
    seed,
    async run() {
      const {fields, parts, fresh: freshTable, planted} = knownTruth({rows, fresh: FRESH, seed});
      const tensors = forParts(parts, asTensors);
      const fresh = asTensors(freshTable);
      const selected = await autoSelect({fields, ...tensors, seed});
      const {decision, model, rivals, selection} = selected;
      const names = fields.map(({name}) => name);
      const gains = await gainsOn(fresh, names, selected);
      const isPlanted = ({interaction}: {interaction: readonly number[]}) =>
        planted.some(pair => pair.every(field => interaction.includes(field)));
      const result: Result = {
        rows,
        chosen: decisionInWords(decision),
        pairs: {planted: planted.length, selected: selection.length, both: selection.filter(isPlanted).length},
        compared: comparedOn(fresh, selected),
        gains: gains.map(({interaction, gain}) => ({planted: isPlanted({interaction}), gain})),
      };
      [model, ...rivals.map(rival => rival.model)].forEach(each => each.dispose());
      tf.dispose([...Object.values(tensors), fresh] as never);
      return result;
    },
  };
}

/** The comparisons on the test rows, and the same on fresh rows. */
function comparedOn(fresh: LabeledRows, {model, rivals}: AutoSelection): Compared[] {
  const labels = labelsOfRows(fresh);
  const own = predicted(model, fresh);
  return rivals.map(({role, test, model: rival}) => {
    const truth = comparePredictions({labels}, own, predicted(rival, fresh));
    const estimate = (of: 'auc' | 'logloss'): Estimate => ({
      value: test[of].difference,
      error: test[of].standardError,
      truth: truth[of].difference,
    });
    return {rival: role, verdict: test.verdict, auc: estimate('auc'), logloss: estimate('logloss')};
  });
}

/** The held-out gain of each selected interaction, and the logloss that it saves the model on fresh rows. */
async function gainsOn(fresh: LabeledRows, names: readonly string[], {model, decision}: AutoSelection) {
  const labels = labelsOfRows(fresh);
  const explained = new LogitShares('coverage', model, names);
  const {logits, shares} = await explained.of((fresh.xs as tf.Tensor).dataSync<'int32'>());
  const count = explained.terms.length;
  return decision.interactions
    .filter(({open}) => open)
    .map(({interaction, gain, standardError}) => {
      const p = explained.terms.findIndex(each => String(each) === String(interaction));
      const rise = logits.reduce(
        (sum, z, i) => sum + logitLoss(z - shares[i * count + p], labels[i]) - logitLoss(z, labels[i]),
        0,
      );
      return {interaction, gain: {value: gain, error: standardError, truth: rise / labels.length}};
    });
}

const resultOf = ({result}: Entry) => result as Result;
const comparedOf = (entries: readonly Entry[]) => entries.flatMap(entry => resultOf(entry).compared);
const gainsOf = (entries: readonly Entry[]) => entries.flatMap(entry => resultOf(entry).gains);
const share = (list: readonly boolean[]) => (list.length === 0 ? '-' : short(mean(list.map(Number)), 3));

const isShownAs0 = ({value, truth}: Estimate) => Math.max(Math.abs(value), Math.abs(truth)) < SHOWN / 2;

/** Two models that are nearly one differ by nothing, and so do their intervals: then the truth is 0, too. */
function holdsTruth(estimate: Estimate): boolean {
  const {value, error, truth} = estimate;
  return isShownAs0(estimate) || Math.abs(value - truth) <= INTERVAL * error;
}

/** How much an estimate is above the truth, in standard errors. */
function errorsAbove(estimate: Estimate): number {
  const {value, error, truth} = estimate;
  return isShownAs0(estimate) ? 0 : (value - truth) / error;
}

/** How often intervals hold the truth, and whether estimates are too high or too low. */
function intervals(entries: readonly Entry[]): Section {
  const row = (data: string, what: string, list: readonly Estimate[]) => {
    if (list.length === 0) return [data, what, '0', '-', '-', '-'];
    const held = mean(list.map(each => Number(holdsTruth(each))));
    const bar = held >= LEAST_COVERAGE ? 'holds' : '**does not hold**';
    return [data, what, String(list.length), short(held, 3), short(mean(list.map(errorsAbove)), 2), bar];
  };
  return {
    kind: 'table',
    title: 'Do 95 % intervals hold the truth?',
    head: [
      'rows',
      'interval of',
      'intervals',
      'share that holds the truth',
      'estimate - truth, in standard errors',
      'bar',
    ],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) => {
      const compared = comparedOf(own);
      return [
        row(
          data,
          'the difference of AUC',
          compared.map(({auc}) => auc),
        ),
        row(
          data,
          'the difference of logloss',
          compared.map(({logloss}) => logloss),
        ),
        row(
          data,
          'the held-out gain of an interaction',
          gainsOf(own).map(({gain}) => gain),
        ),
      ];
    }),
  };
}

/** Whether the chosen model is better or worse where the report says so. */
function words(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Is the selection what the words say?',
    head: ['rows', 'the selection is', 'cases', 'in truth above the rival by AUC', 'mean difference of AUC in truth'],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) =>
      (['better', 'undecided', 'worse'] as const).map(claim => {
        const list = comparedOf(own).filter(each => each.verdict === claim);
        return [
          data,
          claim,
          String(list.length),
          share(list.map(({auc}) => auc.truth > 0)),
          list.length === 0 ? '-' : short(mean(list.map(({auc}) => auc.truth))),
        ];
      }),
    ),
  };
}

/** Say how the intervals of selected interactions compare with the truth. */
function gainWords(entries: readonly Entry[]): Section {
  const kinds: Array<[string, (gain: JudgedGain) => boolean]> = [
    ['above 0', ({gain: {value, error}}) => value > INTERVAL * error],
    ['down to 0', ({gain: {value, error}}) => value <= INTERVAL * error],
  ];
  return {
    kind: 'table',
    title: 'Do selected interactions help?',
    head: [
      ...['rows', 'the interval of the gain is', 'interactions', 'planted'],
      ...['it saves logloss in truth', 'mean saving in truth'],
    ],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) =>
      kinds.map(([kind, is]) => {
        const list = gainsOf(own).filter(is);
        return [
          data,
          kind,
          String(list.length),
          share(list.map(({planted}) => planted)),
          share(list.map(({gain}) => gain.truth > 0)),
          list.length === 0 ? '-' : short(mean(list.map(({gain}) => gain.truth)), 5),
        ];
      }),
    ),
  };
}

/** Which pairs are selected. */
function selections(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Which pairs are selected',
    head: [
      'rows',
      'planted pairs',
      'tables',
      'no pair selected',
      'pairs selected',
      'of which planted',
      'share of planted ones',
    ],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) =>
      groupBy(
        own.map(resultOf).sort((a, b) => a.pairs.planted - b.pairs.planted),
        ({pairs}) => String(pairs.planted),
      ).map(([planted, list]) => {
        const sum = (of: 'planted' | 'selected' | 'both') => list.reduce((total, {pairs}) => total + pairs[of], 0);
        return [
          data,
          planted,
          String(list.length),
          String(list.filter(({pairs}) => pairs.selected === 0).length),
          String(sum('selected')),
          String(sum('both')),
          planted === '0' ? '-' : short(sum('both') / sum('planted'), 2),
        ];
      }),
    ),
  };
}
