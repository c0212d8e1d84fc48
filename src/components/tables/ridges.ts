import type {Interaction} from '../../interactions';

/** A pair or a triple and the penalty of its table on each of some levels. */
export interface TableRidges {
  interaction: Interaction;
  tables: Array<{level: number; ridge: number}>;
}

/** The penalties of a GA2M, with which it is fitted to any rows; plain JSON. */
export interface Ga2mRidges {
  /** One for each field. */
  fields: readonly number[];
  /** Pairs, then triples, each in canonical order. */
  interactions: readonly TableRidges[];
}
