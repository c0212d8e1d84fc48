import type {Split} from '../../schema/split';
import {categoricalFields, numbered, type Preset} from './preset';

export interface AvazuOptions {
  /** train.csv of Kaggle's challenge (or train.gz as it is). */
  files: string | readonly string[];
  /** Training rows that a value needs for an id of its own. Default 2, as in Avazu_x4_001; Avazu_x4_002 has 1. */
  minCount?: number;
  /** Default: random 8:1:1, as in Avazu_x4. By time, "14103000" is the first hour of the last day. */
  split?: Split;
}

/** The columns that are fields as they are; `id` is left out. */
const COLUMNS = [
  ...'C1 banner_pos site_id site_domain site_category app_id app_domain app_category'.split(' '),
  ...'device_id device_ip device_model device_type device_conn_type'.split(' '),
  ...numbered('C', 14, 21),
];

/**
 * Avazu's mobile-advertising rows: `hour` (YYMMDDHH) becomes hour, weekday (Sunday 0) and weekend, `id` is dropped, all
 * other columns are categories, as text: ids of 19 digits keep them all.
 *
 * Source: the recipe of Avazu_x4_001 of the BARS benchmark, whose split is stratified by label and drawn by another
 * generator.
 * @example
 * const split = {by: 'time', column: 'hour', testFrom: '14103000'} as const;
 * await prepare({...avazu({files: 'train.gz', split}), folder: 'shards'});
 */
export function avazu({
  files,
  minCount = 2,
  split = {by: 'fraction', valid: 0.1, test: 0.1, seed: 2018},
}: AvazuOptions): Preset {
  return {
    source: {files, format: 'csv', separator: ',', header: true},
    split,
    schema: {
      version: 1,
      label: {column: 'click'},
      fields: [
        ...(['hour', 'weekday', 'weekend'] as const).map(
          part => ({type: 'dateTime', name: part, column: 'hour', format: '%y%m%d%H', part}) as const,
        ),
        ...categoricalFields(COLUMNS, {minCount}),
      ],
    },
  };
}
