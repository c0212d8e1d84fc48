import type {AutoSelection, TestComparison} from 'tfjs-autofis';
import {comparePredictions, evidenceOf, gatesBehind, jaccard, labelsOfRows, mean, predicted} from '../../internals';
import type {DataName} from '../data';
import type {Entry} from '../journal';
import type {Lab} from '../lab';
import {meanSd, short} from '../numbers';
import {jobPerSeed, type Plan, type Section} from '../plan';
import {names} from '../runs';
import {selectInThreads} from '../select_in_threads';

/** Seeds that are compared, from one on. */
const SEEDS = 3;

/** What one seed chooses. */
interface Choice {
  seed: number;
  name: string;
  kept: string[];
  /** Of each interaction kept, the logloss that it saves on held-out rows. */
  gains: number[];
}

/** The choices of two seeds, trained on the same rows and compared on the same test rows. */
interface Pair {
  seeds: [number, number];
  jaccard: number;
  /** Of what the interactions of each save, the share of those that both have; null where neither has any. */
  shared: number | null;
  /** The first one against the second. */
  compared: TestComparison;
}

interface Result {
  choices: Choice[];
  pairs: Pair[];
}

/** Whether selections of two seeds that differ are worth the same. */
export const agreement: Plan = {
  name: 'agreement',
  title: 'What two seeds disagree on',
  question: 'Where two seeds of the split keep different interactions, is one selection better than the other?',
  about:
    `\`autoSelect\` with its defaults and ${SEEDS} seeds, the first of which is named. Each draws other validation ` +
    'rows, so that gates learn from other rows and others choose. Each choice is then trained on all rows except the ' +
    'test rows, the same rows for all seeds, and the models of two seeds are compared on the same test rows (DeLong, ' +
    '95 %). "Shared gain": of the logloss that the kept interactions save on held-out rows, the share that ' +
    'those save which both seeds keep, the mean of the two seeds.',
  defaults: {data: ['frappe', 'adult'], seeds: [1]},

  jobs: options => jobPerSeed(options, compareSeeds),

  report: entries => (entries.length === 0 ? [] : [summary(entries), pairsOf(entries), selections(entries)]),
};

async function compareSeeds(data: DataName, first: number, lab: Lab): Promise<Result> {
  const seeds = Array.from({length: SEEDS}, (_, i) => first + i);
  const choices: Choice[] = [];
  const predictions: Float32Array[] = [];
  let labels: Float32Array = new Float32Array(0);
  for (const seed of seeds) {
    const {fields, parts} = await lab.data(data, seed, {bins: 'spikes'});
    const {chosen, selection, gates} = await selectInThreads({fields, ...parts, seed}, ({model}) => {
      predictions.push(predicted(model, parts.test));
    });
    labels = labelsOfRows(parts.test);
    choices.push({seed, name: chosen.name, kept: names(selection), gains: gainsOf(selection, chosen, gates)});
  }
  const pairs = choices.flatMap((one, a) =>
    choices.slice(a + 1).map((other, k): Pair => ({
      seeds: [one.seed, other.seed],
      jaccard: jaccard(one.kept, other.kept),
      shared: sharedGain(one, other),
      compared: comparePredictions(labels, predictions[a], predictions[a + 1 + k]),
    })),
  );
  return {choices, pairs};
}

/** What each kept interaction saves in the gates that left it open; nothing where chance has it cost something. */
function gainsOf(
  selection: AutoSelection['selection'],
  chosen: AutoSelection['chosen'],
  gates: AutoSelection['gates'],
): number[] {
  if (selection.length === 0) return [];
  const known = new Map(evidenceOf(gatesBehind(gates, chosen)).map(({fields, held}) => [fields.join(), held.gain]));
  return selection.map(({fields}) => Math.max(0, known.get(fields.join())!));
}

function sharedGain(...both: [Choice, Choice]): number | null {
  const [own, other] = both.map(({kept}) => new Set(kept));
  const shares = both.flatMap(({kept, gains}) => {
    const all = gains.reduce((sum, gain) => sum + gain, 0);
    const common = gains.reduce((sum, gain, i) => sum + (own.has(kept[i]) && other.has(kept[i]) ? gain : 0), 0);
    return all === 0 ? [] : [common / all];
  });
  return shares.length === 0 ? null : mean(shares);
}

const resultOf = ({result}: Entry) => result as Result;

function summary(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Two seeds, on average',
    head: ['data', 'Jaccard index', 'shared gain', 'difference of test AUC', 'cannot be told apart'],
    rows: entries.map(entry => {
      const {pairs} = resultOf(entry);
      const shared = pairs.map(each => each.shared).filter(each => each !== null);
      const same = pairs.filter(({compared: {words}}) => words === 'cannot be told apart');
      return [
        entry.data,
        meanSd(
          pairs.map(each => each.jaccard),
          2,
        ),
        shared.length === 0 ? '-' : meanSd(shared, 2),
        meanSd(pairs.map(({compared: {auc}}) => Math.abs(auc.difference))),
        `${same.length} of ${pairs.length}`,
      ];
    }),
  };
}

function pairsOf(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'Each two seeds',
    head: ['data', 'seeds', 'Jaccard index', 'shared gain', 'difference of AUC', 'standard error', 'the first is'],
    rows: entries.flatMap(entry =>
      resultOf(entry).pairs.map(({seeds, jaccard: alike, shared, compared: {auc, words}}) => [
        entry.data,
        seeds.join(' and '),
        alike.toFixed(2),
        shared === null ? '-' : shared.toFixed(2),
        short(auc.difference),
        short(auc.standardError),
        words,
      ]),
    ),
  };
}

function selections(entries: readonly Entry[]): Section {
  return {
    kind: 'table',
    title: 'What each seed keeps, and the logloss that each interaction saves on held-out rows',
    head: ['data', 'seed', 'chosen', 'interactions'],
    rows: entries.flatMap(entry =>
      resultOf(entry).choices.map(({seed, name, kept, gains}) => [
        entry.data,
        String(seed),
        name,
        kept.map((pair, i) => `${pair} ${gains[i].toFixed(4)}`).join(', ') || 'none',
      ]),
    ),
  };
}
