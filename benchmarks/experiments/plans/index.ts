import type {Plan} from '../plan';
import {beforeAfter} from './before_after';
import {coverage} from './coverage';
import {din} from './din';
import {large} from './large';
import {noise} from './noise';
import {oneLevel} from './one_level';
import {recipe} from './recipe';
import {rq3} from './rq3';
import {stability} from './stability';
import {synthetic} from './synthetic';
import {table1} from './table1';
import {timings} from './timings';
import {transfer} from './transfer';
import {trees} from './trees';
import {unseen} from './unseen';
import {updates} from './updates';

/** All experiments. */
export const plans: Plan[] = [
  recipe,
  coverage,
  unseen,
  table1,
  large,
  timings,
  trees,
  beforeAfter,
  rq3,
  stability,
  oneLevel,
  transfer,
  synthetic,
  noise,
  updates,
  din,
];
