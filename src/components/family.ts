import type {AdditiveLogit} from './additive_logit';
import type {Component} from './component';
import type {IdTable} from './linear/ridge_regression';

/** Rows to evaluate components on. */
export type Ids = Pick<IdTable, 'ids' | 'labels'>;

/** A family of components, fitted to rows. */
export interface FittedFamily {
  /** In the order of the columns of `columns`. */
  readonly components: readonly Component[];
  /** Values of each component [n] for rows. */
  columns(rows: Ids): Float32Array[];
  /** Add gated components to a logit: component c is multiplied by alpha[c] >= 0. */
  addTo(logit: AdditiveLogit, alpha: ArrayLike<number>): void;
  /** Frees memory. */
  dispose(): void;
}
