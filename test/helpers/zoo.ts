import type * as tfl from '@tensorflow/tfjs-layers';
import * as models from 'tfjs-autofis/models';
import type {ModelOptions} from 'tfjs-autofis/models';
import {PlainRow, plainEmbed, plainGated, plainMlp, plainProductsOf, sum} from './plain_models';

export interface ZooCase {
  title: string;
  build(options: ModelOptions): tfl.LayersModel;
  /** Options that make this form of the model. */
  options: Partial<ModelOptions>;
  /** The logit of one row by plain arithmetic, from the papers' equations. */
  logit(row: PlainRow): number;
}

const third = (row: PlainRow) => plainEmbed(row.fields, row.ids, row.weights.matrix('third_order_embedding/embeddings'));
const mlp = (row: PlainRow, extra: number[] = []) => plainMlp(row.weights, [...row.e.flat(), ...extra], row.depth);

/** Every model of the zoo in each of its forms. */
export const zoo: ZooCase[] = [
  {title: 'lr', build: models.lr, options: {}, logit: row => row.linear()},
  {title: 'fm', build: models.fm, options: {}, logit: row => row.linear() + sum(plainProductsOf(row.e, 2))},
  {title: 'fm of order 3', build: models.fm, options: {order: 3}, logit: row => row.linear() + sum(plainProductsOf(row.e, 3))},
  {title: 'fm of both orders', build: models.fm, options: {order: 'both'},
    logit: row => row.linear() + sum(plainProductsOf(row.e, 2)) + sum(plainProductsOf(row.e, 3))},
  {title: 'deepFm', build: models.deepFm, options: {}, logit: row => row.linear() + sum(plainProductsOf(row.e, 2)) + mlp(row)},
  {title: 'deepFm of both orders, two tables', build: models.deepFm, options: {order: 'both', thirdOrderTable: true},
    logit: row => row.linear() + sum(plainProductsOf(row.e, 2)) + sum(plainProductsOf(third(row), 3)) + mlp(row)},
  {title: 'ipnn', build: models.ipnn, options: {}, logit: row => mlp(row, plainProductsOf(row.e, 2))},
  {title: 'autoFm', build: models.autoFm, options: {}, logit: row => row.linear() + sum(plainGated(row.weights, 'pairs', row.e))},
  {title: 'autoFm of order 3', build: models.autoFm, options: {order: 3},
    logit: row => row.linear() + sum(plainGated(row.weights, 'triples', row.e))},
  {title: 'autoFm of both orders, two tables', build: models.autoFm, options: {order: 'both', thirdOrderTable: true},
    logit: row => row.linear() + sum(plainGated(row.weights, 'pairs', row.e)) + sum(plainGated(row.weights, 'triples', third(row)))},
  {title: 'autoDeepFm', build: models.autoDeepFm, options: {},
    logit: row => row.linear() + sum(plainGated(row.weights, 'pairs', row.e)) + mlp(row)},
  {title: 'autoDeepFm of both orders', build: models.autoDeepFm, options: {order: 'both'},
    logit: row => row.linear() + sum(plainGated(row.weights, 'pairs', row.e)) + sum(plainGated(row.weights, 'triples', row.e)) + mlp(row)},
  {title: 'autoIpnn', build: models.autoIpnn, options: {}, logit: row => mlp(row, plainGated(row.weights, 'pairs', row.e))},
  {title: 'autoIpnn of both orders, two tables', build: models.autoIpnn, options: {order: 'both', thirdOrderTable: true},
    logit: row => mlp(row, [...plainGated(row.weights, 'pairs', row.e), ...plainGated(row.weights, 'triples', third(row))])},
];
