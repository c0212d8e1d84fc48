import {relativeImprovement} from 'tfjs-autofis';
import {compare, mean} from '../internals';
import {holm} from '../statistics';
import {runChart} from './figure';
import type {Entry} from './journal';
import {meanSd, range, short} from './numbers';
import {groupBy, Section} from './plan';
import type {ModelRun} from './runs';
import {autoModels} from './zoo';

/** A model of a comparison. */
export interface ModelResult extends ModelRun {
  model: string;
  /**
   * What came before its training, if anything did: its seconds, its strength where it has one, the test AUC at its
   * end, and the pairs and triples that it kept.
   */
  search?: {seconds: number; strength?: number; auc: number; keptByOrder: number[]};
  /** Interactions that there are; null where they cannot be counted. */
  total: number | null;
}

/** The baseline that relative improvement refers to. */
const BASELINE = 'FM';

/** What a model's p-value refers to: the same model without gates, else the baseline. */
const opponentOf = (model: string) => autoModels[model]?.plain ?? BASELINE;

const pValue = (p: number) => (p < 0.0005 ? '<.001' : short(p, 3));

/**
 * The columns of the paper's table 1 but for the time, one line a model, from runs whose results are `ModelResult`s,
 * and a picture of their AUCs. The p-values are corrected for all comparisons of the table.
 */
export function paperTable(plan: string, data: string, entries: readonly Entry[]): Section[] {
  const groups = groupBy(
    entries.map(({result}) => result as ModelResult),
    r => r.model,
  );
  const base = groups.find(([model]) => model === BASELINE)?.[1];
  const p = holm(groups.map(([model]) => (model === BASELINE ? null : pairedP(model, entries))));
  return [
    {
      kind: 'table',
      title: data,
      head: ['model', 'AUC', 'logloss', 'top', 'cost s', 'rel. impr.', 'p', 'AUC of search', 'parameters'],
      rows: groups.map(([model, runs], i) => {
        const search = runs.map(r => r.search).filter(s => s !== undefined);
        return [
          model,
          meanSd(runs.map(r => r.auc)),
          meanSd(runs.map(r => r.logloss)),
          top(runs),
          `${search.length === 0 ? 0 : mean(search.map(s => s.seconds)).toFixed(0)} + ` +
            `${mean(runs.map(r => r.seconds)).toFixed(0)}`,
          base === undefined
            ? '-'
            : `${(100 * relativeImprovement(mean(runs.map(r => r.auc)), mean(base.map(r => r.auc)))).toFixed(2)} %`,
          p[i] === null ? '-' : pValue(p[i]),
          search.length === 0 ? '-' : meanSd(search.map(s => s.auc)),
          Math.round(mean(runs.map(r => r.parameters))).toLocaleString('en'),
        ];
      }),
    },
    {
      kind: 'figure',
      name: `${plan}-${data}`,
      title: `${data}: test AUC by model`,
      chart: runChart(
        groups.map(([model]) => model),
        [
          {
            name: 'trained once',
            values: groups.map(([, runs]) => runs.filter(r => r.search === undefined).map(r => r.auc)),
          },
          {
            name: 'after a search or trees',
            values: groups.map(([, runs]) => runs.filter(r => r.search !== undefined).map(r => r.auc)),
          },
        ],
        'test AUC',
      ),
    },
  ];
}

/** p of a model's test AUC against that of its opponent on the same seeds. */
function pairedP(model: string, entries: readonly Entry[]): number | null {
  const aucs = (name: string) =>
    new Map(
      entries
        .map(({seed, result}) => [seed, result as ModelResult] as const)
        .filter(([, result]) => result.model === name)
        .map(([seed, {auc}]) => [seed, auc]),
    );
  const [own, other] = [aucs(model), aucs(opponentOf(model))];
  const seeds = [...own.keys()].filter(seed => other.has(seed));
  return compare(
    seeds.map(seed => own.get(seed)!),
    seeds.map(seed => other.get(seed)!),
  ).p;
}

function top(runs: readonly ModelResult[]): string {
  const {total} = runs[0];
  if (total === null) return '-';
  const searches = runs.flatMap(r => r.search ?? []);
  if (searches.length === 0) return '100 %';
  const orders = [0, 1].map(o => range(searches.map(s => s.keptByOrder[o])));
  return `${orders[1] === '0' ? orders[0] : orders.join(' + ')} of ${total}`;
}
