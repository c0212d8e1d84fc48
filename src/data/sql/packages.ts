import type * as DuckDB from '@duckdb/node-api';
import type * as Arrow from 'apache-arrow';
import {AutofisError} from '../../errors';

/** Load apache-arrow, or say how to install it. */
export async function loadArrow(where: string): Promise<typeof Arrow> {
  return import('apache-arrow').catch(missing(where, 'apache-arrow'));
}

/** Load DuckDB, or say how to install it. */
export async function loadDuckdb(where: string): Promise<typeof DuckDB> {
  return import('@duckdb/node-api').catch(missing(where, '@duckdb/node-api'));
}

function missing(where: string, name: string): (error: NodeJS.ErrnoException) => never {
  return error => {
    if (!/MODULE_NOT_FOUND/.test(error.code ?? '')) throw error;
    throw new AutofisError(`${where}: the package ${name} is not installed. Install it: npm install ${name}`);
  };
}
