import {estimate, jaccard, mean} from '../../internals';
import {lineChart} from '../figure';
import type {Entry} from '../journal';
import {short} from '../numbers';
import type {Job, Plan, Section} from '../plan';
import type {Calendar} from '../updates/calendar';
import {type Chain, type FullRun, HELD_OUT, runChain, runFull, type Step, updatesOf, VALID} from '../updates/chain';
import {fortnights} from '../updates/fortnights';
import {months} from '../updates/months';

const CALENDARS: readonly Calendar[] = [months, fortnights];

/** How many updates the periods give. */
const COUNTS = CALENDARS.map(each => `${each.periods} ${each.name} give ${updatesOf(each).length} updates`).join(
  ', and ',
);

/** Everyday retraining, by the months of a year and by the fortnights of half a year. */
export const updates: Plan = {
  name: 'updates',
  title: 'Everyday retraining',
  question: 'Is an update with newer flights as good as a new run on all flights so far, at a quarter of its cost?',
  about:
    `${CALENDARS.map(({about}) => about).join(' ')} ` +
    'One run on the first period makes a bundle. From the second to the last but one, `updateBundle` continues its ' +
    'training with each new period, and every model is tested on all flights of the next one: the first period makes ' +
    `the first bundle, and the last one is only predicted, so ${COUNTS}. A second bundle is ` +
    'updated with `refit`: the same kind of model of the same pairs is trained from nothing on all periods so far, ' +
    'or with tables of the interactions that these have evidence for, if half of the held-out rows find it better: a ' +
    'GA2M, or for an FFM the mean of both. Updates and refits are ' +
    `compared with a full run on these (\`prepare\` and \`autoSelect\`, choosing by the newest ${100 * VALID} %) and ` +
    `with the first bundle without updates. An update holds out the newest ${100 * HELD_OUT} % of a period; the next ` +
    'one, or the refit itself at its end, trains on them. Cost is CPU seconds, from reading the table to the written ' +
    'bundle.',
  defaults: {data: ['flights'], seeds: [1]},

  jobs: ({data, seeds}) =>
    data.length === 0 ? [] : seeds.flatMap(seed => CALENDARS.flatMap(calendar => jobsOf(calendar, seed))),

  report: entries =>
    CALENDARS.flatMap(calendar => {
      const chains = entries.filter(({key}) => key.startsWith(`updates ${calendar.name} `));
      const lines = chains.flatMap(entry => linesOf(calendar, entry, entries));
      return lines.length === 0
        ? []
        : [verdict(calendar, lines), figure(calendar, lines), table(calendar, lines), choices(calendar, lines)];
    }),
};

/** The chain of updates, and the full runs that it is compared with. */
function jobsOf(calendar: Calendar, seed: number): Job[] {
  const {name} = calendar;
  return [
    {key: `updates ${name} ${seed}`, data: 'flights', seed, run: () => runChain(calendar, seed)},
    ...updatesOf(calendar).map(period => ({
      key: `full ${name} ${period} ${seed}`,
      data: 'flights',
      seed,
      run: () => runFull(calendar, period, seed),
    })),
  ];
}

/** One period under each of the three ways. */
interface Line extends Step {
  /** Null where the full run has not ended. */
  full: FullRun | null;
  /** The pairs of the updated model. */
  kept: string[];
}

function linesOf({name}: Calendar, {seed, result}: Entry, entries: readonly Entry[]): Line[] {
  const {first, steps} = result as Chain;
  return steps.map(step => {
    const full = entries.find(({key}) => key === `full ${name} ${step.period} ${seed}`);
    return {...step, kept: first.kept, full: full === undefined ? null : (full.result as FullRun)};
  });
}

/** A figure of a line; null where it needs a full run. */
type Of = (line: Line) => number | null;

const figures = {
  full: ({full}) => full && full.next.auc,
  update: ({next}) => next.auc,
  refit: ({refit}) => refit.next.auc,
  none: ({first}) => first.auc,
  behind: ({full, next}) => full && full.next.auc - next.auc,
  refitBehind: ({full, refit}) => full && full.next.auc - refit.next.auc,
  gained: ({first, next}) => next.auc - first.auc,
  fullLoss: ({full}) => full && full.next.logloss,
  updateLoss: ({next}) => next.logloss,
  refitLoss: ({refit}) => refit.next.logloss,
  noneLoss: ({first}) => first.logloss,
  fullSeconds: ({full}) => full && full.seconds,
  updateSeconds: ({full, seconds}) => full && seconds,
  refitSeconds: ({full, refit}) => full && refit.seconds,
} satisfies Record<string, Of>;

/** The figures of lines, of those that have it. */
function valuesOf(lines: readonly Line[], of: Of): number[] {
  return lines.map(of).filter(value => value !== null);
}

/** What an update may cost of a full run, and lose to it. */
const BARS = {cost: 0.25, auc: 0.001};

function verdict({name}: Calendar, lines: readonly Line[]): Section {
  const words = (values: readonly number[]) => {
    const {mean: centre, interval} = estimate(values);
    return `${short(centre)}${interval === null ? '' : ` (95 %: ${short(interval[0])} to ${short(interval[1])})`}`;
  };
  const whole = valuesOf(lines, figures.fullSeconds);
  const compared = (name: string, behind: Of, seconds: Of) => {
    const values = valuesOf(lines, behind);
    if (values.length === 0) return '';
    const share = mean(valuesOf(lines, seconds)) / mean(whole);
    return (
      ` AUC of a full run less that of ${name}: ${words(values)}, ${values.length} of ${lines.length} updates; the bar ` +
      `of at most ${short(BARS.auc, 3)} ${holds(mean(values) <= BARS.auc)}. Cost over that of a full run: ` +
      `${short(share, 3)}; the bar of ${short(BARS.cost, 2)} ${holds(share <= BARS.cost)}.`
    );
  };
  return {
    kind: 'text',
    text:
      `By ${name}: AUC of the updated model less that of the first one, never updated: ` +
      `${words(valuesOf(lines, figures.gained))}, ${lines.length} updates.` +
      compared('the update', figures.behind, figures.updateSeconds) +
      compared('the refit', figures.refitBehind, figures.refitSeconds),
  };
}

const holds = (yes: boolean) => (yes ? 'holds' : 'does not hold');

function figure(calendar: Calendar, lines: readonly Line[]): Section {
  const points = (of: Of) =>
    updatesOf(calendar).flatMap(period => {
      const values = valuesOf(
        lines.filter(line => line.period === period),
        of,
      );
      return values.length === 0 ? [] : [[period + 1, mean(values)]];
    });
  return {
    kind: 'figure',
    name: `updates-${calendar.name}`,
    title: `AUC on the next ${calendar.period}`,
    chart: lineChart(
      [
        {name: 'a full run each time', points: points(figures.full)},
        {name: 'refits', points: points(figures.refit)},
        {name: 'updates', points: points(figures.update)},
        {name: 'no update', points: points(figures.none), dashed: true},
      ],
      {x: `${calendar.period} of ${calendar.year} that is predicted`, y: 'AUC'},
    ),
  };
}

function table(calendar: Calendar, lines: readonly Line[]): Section {
  const row = (name: string, own: readonly Line[]) => {
    const cell = (of: Of, digits = 4) => {
      const values = valuesOf(own, of);
      // A mean of some would stand beside means of others.
      return values.length < own.length ? '-' : short(mean(values), digits);
    };
    const {full, refit, update, none, refitBehind, fullLoss, refitLoss, updateLoss, noneLoss, fullSeconds} = figures;
    return [
      name,
      ...[full, refit, update, none, refitBehind, fullLoss, refitLoss, updateLoss, noneLoss].map(of => cell(of)),
      cell(fullSeconds, 0),
      cell(({refit: {seconds}}) => seconds, 1),
      cell(({seconds}) => seconds, 1),
    ];
  };
  return {
    kind: 'table',
    title: `AUC and logloss on the next ${calendar.period}, and CPU seconds`,
    head: [
      'trained up to',
      'full run',
      'refit',
      'update',
      'none',
      'full - refit',
      'logloss, full run',
      'refit',
      'update',
      'none',
      'seconds, full run',
      'refit',
      'update',
    ],
    rows: [
      ...updatesOf(calendar).map(period =>
        row(
          String(period),
          lines.filter(line => line.period === period),
        ),
      ),
      row('mean', lines),
    ],
  };
}

function choices({name}: Calendar, lines: readonly Line[]): Section {
  return {
    kind: 'table',
    title: `What full runs choose, and what updates say, by ${name}`,
    head: [
      'trained up to',
      'full run',
      'its pairs and those of the updates (Jaccard)',
      'the update is',
      'bundle written',
      'refit',
      'the refit is',
      'bundle written',
      'gates would change the pairs',
    ],
    rows: lines.map(({period, full, kept, verdict, written, refit, changed}) => [
      String(period),
      full?.chosen ?? '-',
      full === null ? '-' : jaccard(full.kept, kept).toFixed(2),
      verdict,
      written ? 'yes' : 'no',
      refit.kind,
      refit.verdict,
      refit.written ? 'yes' : 'no',
      changed ? 'yes' : 'no',
    ]),
  };
}
