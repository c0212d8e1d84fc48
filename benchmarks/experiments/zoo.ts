import * as models from 'tfjs-autofis/models';
import type {DataName} from './data';
import type {Kind} from './protocol';

/** A model of the comparison without a search. */
export interface PlainModel {
  build: (options: models.ModelOptions) => ReturnType<typeof models.fm>;
  kind: Kind;
  /** Interactions that it has: 'pairs', 'both' (pairs and triples), or none that can be counted. */
  interactions?: 'pairs' | 'both';
  options?: Partial<models.ModelOptions>;
}

/** The models that train once. */
export const plainModels: Record<string, PlainModel> = {
  LR: {build: models.lr, kind: 'shallow'},
  FM: {build: models.fm, kind: 'shallow', interactions: 'pairs'},
  FwFM: {build: models.fwFm, kind: 'shallow', interactions: 'pairs'},
  // FwFM's weights of pairs have no penalty, and grow to take the place of the embeddings, which have one.
  'FwFM, l2 .01': {build: models.fwFm, kind: 'shallow', interactions: 'pairs', options: {l2: 0.01}},
  FFM: {build: models.ffm, kind: 'shallow', interactions: 'pairs'},
  AFM: {build: models.afm, kind: 'shallow', interactions: 'pairs'},
  NFM: {build: models.nfm, kind: 'deep', interactions: 'pairs'},
  'Wide&Deep': {build: models.wideDeep, kind: 'deep'},
  DeepFM: {build: models.deepFm, kind: 'deep', interactions: 'pairs'},
  IPNN: {build: models.ipnn, kind: 'deep', interactions: 'pairs'},
  OPNN: {build: models.opnn, kind: 'deep', interactions: 'pairs'},
  PIN: {build: models.pin, kind: 'deep', interactions: 'pairs'},
  'DCN-V2': {build: models.dcnV2, kind: 'deep'},
  xDeepFM: {build: models.xDeepFm, kind: 'deep'},
  AutoInt: {build: models.autoInt, kind: 'deep'},
  FinalMLP: {build: models.finalMlp, kind: 'deep'},
  'FM (3rd)': {build: models.fm, kind: 'shallow', interactions: 'both', options: {order: 'both'}},
  'DeepFM (3rd)': {build: models.deepFm, kind: 'deep', interactions: 'both', options: {order: 'both'}},
  'FM (3rd, two tables)': {
    build: models.fm,
    kind: 'shallow',
    interactions: 'both',
    options: {order: 'both', thirdOrderTable: true},
  },
  'DeepFM (3rd, two tables)': {
    build: models.deepFm,
    kind: 'deep',
    interactions: 'both',
    options: {order: 'both', thirdOrderTable: true},
  },
};

/** A model of the comparison that is searched and retrained. */
export interface AutoModel {
  build: (options: models.ModelOptions) => ReturnType<typeof models.autoFm>;
  kind: Kind;
  options?: Partial<models.ModelOptions>;
  /** The same model without gates. */
  plain: string;
  /**
   * Final threshold in units of alpha's start, by validation AUC on one seed of an independent implementation; not
   * tuned for criteo and avazu.
   */
  strength: Record<DataName, number>;
}

/** The models with gates. */
export const autoModels: Record<string, AutoModel> = {
  AutoFM: {
    build: models.autoFm,
    kind: 'shallow',
    plain: 'FM',
    strength: {frappe: 3, adult: 3, movielens: 1, flights: 2, flights3m: 2, criteo: 1, avazu: 1},
  },
  AutoDeepFM: {
    build: models.autoDeepFm,
    kind: 'deep',
    plain: 'DeepFM',
    strength: {frappe: 3, adult: 1.5, movielens: 1, flights: 2, flights3m: 2, criteo: 1, avazu: 1},
  },
  // The independent implementation has not tried this one: the strengths are those of AutoFM.
  AutoFFM: {
    build: models.autoFfm,
    kind: 'shallow',
    plain: 'FFM',
    strength: {frappe: 3, adult: 3, movielens: 1, flights: 2, flights3m: 2, criteo: 1, avazu: 1},
  },
  AutoIPNN: {
    build: models.autoIpnn,
    kind: 'deep',
    plain: 'IPNN',
    strength: {frappe: 2, adult: 2, movielens: 1, flights: 2, flights3m: 2, criteo: 1, avazu: 1},
  },
  'AutoFM (3rd)': {
    build: models.autoFm,
    kind: 'shallow',
    options: {order: 'both', thirdOrderTable: true},
    plain: 'FM (3rd, two tables)',
    strength: {frappe: 2, adult: 2, movielens: 1, flights: 2, flights3m: 2, criteo: 1, avazu: 1},
  },
  // Nor this one: the strengths are those of AutoFM (3rd).
  'AutoDeepFM (3rd)': {
    build: models.autoDeepFm,
    kind: 'deep',
    options: {order: 'both', thirdOrderTable: true},
    plain: 'DeepFM (3rd, two tables)',
    strength: {frappe: 2, adult: 2, movielens: 1, flights: 2, flights3m: 2, criteo: 1, avazu: 1},
  },
};
