import {mean} from '../internals';
import type {Entry} from './journal';
import {meanSd, short} from './numbers';
import {groupBy, Section} from './plan';
import type {ModelResult} from './paper_table';

/** Mean and standard deviation of test AUC; 0 for one run. */
type Reached = readonly [mean: number, deviation: number, runs: number];

/**
 * Test AUC of the same models on the same test rows by an independent PyTorch implementation, written from the papers'
 * equations: d 16, MLP 3 x 128, Adam 1e-3, early stopping. Where an option was not said (validation rows drawn,
 * starts), it is not the same.
 */
const reference: Record<string, Record<string, Reached>> = {
  frappe: {
    LR: [0.9261, 0.0002, 3],
    FM: [0.946, 0.0017, 3],
    FwFM: [0.9453, 0.0015, 3],
    FFM: [0.955, 0, 1],
    AFM: [0.9358, 0, 1],
    NFM: [0.9403, 0.0021, 3],
    'Wide&Deep': [0.9452, 0.002, 3],
    DeepFM: [0.9452, 0.0017, 3],
    IPNN: [0.9478, 0.0009, 3],
    AutoFM: [0.9452, 0.0013, 3],
    AutoDeepFM: [0.9507, 0.0017, 3],
    AutoIPNN: [0.946, 0.0027, 2],
    'AutoFM (3rd)': [0.9502, 0.0008, 2],
  },
  adult: {
    LR: [0.9103, 0.0001, 3],
    FM: [0.9118, 0.0005, 3],
    FwFM: [0.9122, 0.0005, 3],
    FFM: [0.9131, 0, 1],
    AFM: [0.9102, 0, 1],
    NFM: [0.912, 0.0007, 3],
    'Wide&Deep': [0.9124, 0.0007, 3],
    DeepFM: [0.9121, 0.0005, 3],
    IPNN: [0.9126, 0.0005, 3],
    AutoFM: [0.9109, 0.0011, 3],
    AutoDeepFM: [0.9116, 0.0003, 3],
    AutoIPNN: [0.9124, 0.0001, 2],
    'AutoFM (3rd)': [0.9118, 0.0004, 2],
  },
  movielens: {
    LR: [0.7918, 0, 1],
    FM: [0.8123, 0.0006, 2],
    DeepFM: [0.8157, 0, 1],
    AutoFM: [0.8049, 0.0006, 2],
    AutoDeepFM: [0.8092, 0, 1],
  },
  // A few epochs, after which FM and DeepFM still rose; the MLP of the deep ones 128 x 2.
  flights: {
    LR: [0.687, 0, 1],
    FM: [0.764, 0, 1],
    DeepFM: [0.744, 0, 1],
    AutoFM: [0.7656, 0, 1],
    AutoDeepFM: [0.769, 0, 1],
  },
};

/** How far below the reference a model may be. */
const TOLERANCE = 0.002;

/** Models next to the reference, null where it has none of them. */
export function referenceTable(data: string, entries: readonly Entry[]): Section | null {
  const known = groupBy(
    entries.map(({result}) => result as ModelResult),
    r => r.model,
  ).filter(([model]) => reference[data]?.[model] !== undefined);
  if (known.length === 0) return null;
  return {
    kind: 'table',
    title: `${data}: next to an independent implementation`,
    head: ['model', 'AUC', 'reference', 'difference', `at most ${short(TOLERANCE, 3)} below`],
    rows: known.map(([model, runs]) => {
      const [auc, sd, count] = reference[data][model];
      const aucs = runs.map(r => r.auc);
      const difference = mean(aucs) - auc;
      return [
        model,
        meanSd(aucs),
        `${short(auc)}${sd > 0 ? ` ± ${short(sd)}` : ''} (${count})`,
        `${difference < 0 ? '' : '+'}${short(difference)}`,
        difference >= -TOLERANCE ? 'yes' : 'no',
      ];
    }),
  };
}
