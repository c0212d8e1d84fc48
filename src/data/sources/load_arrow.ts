import type * as Arrow from 'apache-arrow';
import {AutofisError} from '../../errors';

/** Load apache-arrow, or say how to install it. */
export async function loadArrow(where: string): Promise<typeof Arrow> {
  return import('apache-arrow').catch((error: NodeJS.ErrnoException) => {
    if (!/MODULE_NOT_FOUND/.test(error.code ?? '')) throw error;
    throw new AutofisError(`${where}: the package apache-arrow is not installed. Install it: npm install apache-arrow`);
  });
}
