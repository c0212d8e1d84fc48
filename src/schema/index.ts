export {columnFacts} from './inference/column_facts';
export {inferFields} from './inference/infer_fields';
export {encodeColumns, labelsOf} from './columns/encode_columns';
export {fitColumns} from './columns/fit_columns';
export {TextColumnBuilder} from './columns/text_column';
export {partOfRow} from './part_of_row';
export type {Split} from './split';
