import * as tf from '@tensorflow/tfjs-core';
import {
  autoSelect,
  type AutoSelection,
  INTERVAL,
  isUncertain,
  type LabeledRows,
  type TestComparison,
} from 'tfjs-autofis';
import {
  comparePredictions,
  isUnstable,
  labelsOfRows,
  mayBeChance,
  mean,
  plainTrainer,
  predicted,
} from '../../internals';
import type {Entry} from '../journal';
import {type Estimate, type GateKind, GateJudge, type JudgedGate} from '../judged_gates';
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
/** Where gates come from, in words. */
const KINDS: Record<GateKind, string> = {FFM: 'FFM', GA2M: 'tables', folds: 'FFM by folds'};
/** A share near .95 of a few hundred intervals is as uncertain as this. */
const LEAST_COVERAGE = 0.92;
/** The last digit of what a report shows. */
const SHOWN = 1e-4;

/** The choice against one rival. */
interface Compared {
  rival: string;
  words: TestComparison['words'];
  auc: Estimate;
  logloss: Estimate;
}

interface Result {
  rows: number;
  chosen: string;
  /** How many pairs the chances depend on, how many the choice keeps, and how many of these are planted. */
  pairs: {planted: number; kept: number; both: number};
  compared: Compared[];
  gates: JudgedGate[];
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
    `compared with ${FRESH.toLocaleString('en')} fresh rows, which stand for the truth, for the same models and ` +
    'gates: what it claims is judged, not how good its models are. Gates are those on all FFM bases of a table, on ' +
    'the tables of a GA2M, and those that folds of the training rows find, which here are asked for each table. ' +
    'The paired test of test rows alone is also tried on predictions of noise. ' +
    `The bar: 95 % intervals hold the truth in at least ${short(LEAST_COVERAGE, 2)} of all cases.`,
  defaults: {data: [], seeds: SEEDS},

  jobs: ({seeds}) => [...ROWS.flatMap(rows => seeds.map(seed => job(rows, seed))), ...NOISE.map(noiseJob)],

  report: all => {
    const entries = all.filter(({data}) => data !== PAIRED);
    return [
      ...(entries.length === 0 ? [] : [intervals(entries), words(entries), gateWords(entries), selections(entries)]),
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
      const args = {fields, train: tensors.train, validation: tensors.validation, seed};
      const judge = new GateJudge(args, fresh, planted);
      const found = await autoSelect({
        ...args,
        test: tensors.test,
        trainer: async training => {
          await plainTrainer(training);
          if (training.purpose === 'base') judge.seen(training.name, training.model);
        },
      });
      const {chosen, model, rivals, selection} = found;
      const keys = new Set(planted.map(String));
      const result: Result = {
        rows,
        chosen: chosen.name,
        pairs: {
          planted: planted.length,
          kept: selection.length,
          both: selection.filter(({interaction}) => keys.has(String(interaction))).length,
        },
        compared: comparedOn(fresh, found),
        gates: await judge.judge(found),
      };
      judge.dispose();
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
  return rivals.map(({candidate, test, model: rival}) => {
    const truth = comparePredictions(labels, own, predicted(rival, fresh));
    const estimate = (of: 'auc' | 'logloss'): Estimate => ({
      value: test[of].difference,
      error: test[of].standardError,
      truth: truth[of].difference,
    });
    return {rival: candidate.name, words: test.words, auc: estimate('auc'), logloss: estimate('logloss')};
  });
}

const resultOf = ({result}: Entry) => result as Result;
const comparedOf = (entries: readonly Entry[]) => entries.flatMap(entry => resultOf(entry).compared);
const gatesIn = (entries: readonly Entry[]) => entries.flatMap(entry => resultOf(entry).gates);
const share = (list: readonly boolean[]) => (list.length === 0 ? '-' : short(mean(list.map(Number)), 3));

const byKind = (gates: readonly JudgedGate[]) => groupBy(gates, gate => KINDS[gate.of]);

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
      const [compared, gates] = [comparedOf(own), gatesIn(own)];
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
        ...byKind(gates).flatMap(([kind, list]) => [
          row(
            data,
            `the gain of a gate that is kept, on ${kind}`,
            list.filter(({kept}) => kept).map(({gain}) => gain),
          ),
          row(
            data,
            `the gain of any open gate, on ${kind}`,
            list.map(({gain}) => gain),
          ),
        ]),
      ];
    }),
  };
}

/** Whether the chosen model is better or worse where the report says so. */
function words(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Is the choice what the words say?',
    head: ['rows', 'the choice is', 'said', 'in truth above the rival by AUC', 'mean difference of AUC in truth'],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) =>
      (['better', 'cannot be told apart', 'worse'] as const).map(said => {
        const list = comparedOf(own).filter(each => each.words === said);
        return [
          data,
          said,
          String(list.length),
          share(list.map(({auc}) => auc.truth > 0)),
          list.length === 0 ? '-' : short(mean(list.map(({auc}) => auc.truth))),
        ];
      }),
    ),
  };
}

const evidence = ({gain: {value, error}, stability}: JudgedGate) => ({gain: value, standardError: error, stability});

/** Whether open gates help, by what the report says of them. */
function gateWords(entries: readonly Entry[]): Section {
  const kinds: Array<[string, (gate: JudgedGate) => boolean]> = [
    ['kept and certain', gate => gate.kept && !isUncertain(evidence(gate))],
    ['kept, and 12 or more of 20 half-samples keep it', gate => gate.kept && !isUnstable(gate.stability)],
    ['kept; its interval reaches down to 0', gate => gate.kept && mayBeChance(evidence(gate))],
    ['kept by fewer than 12 of 20 half-samples', gate => gate.kept && isUnstable(gate.stability)],
    ['open, but not needed', gate => !gate.kept],
  ];
  return {
    kind: 'table',
    title: 'Do open gates help?',
    head: [
      'rows',
      'gates on',
      'the gate is',
      'gates',
      'its pair is planted',
      'it saves logloss in truth',
      'mean saving in truth',
    ],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) =>
      byKind(gatesIn(own)).flatMap(([kind, gates]) =>
        kinds.map(([said, is]) => {
          const list = gates.filter(is);
          return [
            data,
            kind,
            said,
            String(list.length),
            share(list.map(({planted}) => planted)),
            share(list.map(({gain}) => gain.truth > 0)),
            list.length === 0 ? '-' : short(mean(list.map(({gain}) => gain.truth)), 5),
          ];
        }),
      ),
    ),
  };
}

/** What the choices keep. */
function selections(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'What the choices keep',
    head: ['rows', 'planted pairs', 'tables', 'no pair is kept', 'pairs kept', 'of which planted', 'planted ones kept'],
    rows: groupBy(entries, ({data}) => data).flatMap(([data, own]) =>
      groupBy(
        own.map(resultOf).sort((a, b) => a.pairs.planted - b.pairs.planted),
        ({pairs}) => String(pairs.planted),
      ).map(([planted, list]) => {
        const sum = (of: 'planted' | 'kept' | 'both') => list.reduce((total, {pairs}) => total + pairs[of], 0);
        return [
          data,
          planted,
          String(list.length),
          String(list.filter(({pairs}) => pairs.kept === 0).length),
          String(sum('kept')),
          String(sum('both')),
          planted === '0' ? '-' : short(sum('both') / sum('planted'), 2),
        ];
      }),
    ),
  };
}
