import {rowsOf} from './rows';

/** What docs/guide.md takes as given. */
export {fields} from './rows';
export const {xs: ids, ys: labels} = rowsOf(1, 500);
export const {xs: validationIds, ys: validationLabels} = rowsOf(2, 200);
export const {xs: testIds, ys: testLabels} = rowsOf(3, 200);
