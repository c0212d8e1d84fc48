import {createRequire} from 'node:module';
import path from 'node:path';

/** The 3 million US flights from January to June 2001 in the npm package vega-datasets, as Parquet. */
export const flightsFile = path.join(
  path.dirname(createRequire(__filename).resolve('vega-datasets')),
  '../data/flights-3m.parquet',
);
