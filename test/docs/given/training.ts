import * as tf from '@tensorflow/tfjs-core';
import {SearchStage} from 'tfjs-autofis';
import {rowsOf} from './rows';

/** What README and docs/models.md take as given. */
export {fields} from './rows';
export const {xs: ids, ys: labels} = rowsOf(1, 600);
export const {xs: validationIds, ys: validationLabels} = rowsOf(2, 200);
export const {xs: testIds, ys: testLabels} = rowsOf(3, 200);
export const testUsers = Array.from(tf.slice(testIds, [0, 0], [-1, 1]).dataSync());
export const search = new SearchStage();
