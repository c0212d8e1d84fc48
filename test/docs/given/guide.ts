import {rowsOf} from './rows';

/** What docs/guide.md takes as given. */
export {fields} from './rows';
export const {xs: ids, ys: labels} = rowsOf(1, 1000);
export const {xs: validationIds, ys: validationLabels} = rowsOf(2, 400);
export const {xs: testIds, ys: testLabels} = rowsOf(3, 400);
