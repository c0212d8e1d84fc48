import {openRelation} from '../../data/sources/open_relation';
import {type Reject, rejectText} from '../../data/sources/rejects';
import {locateRows} from '../../data/sources/row_locations';
import {withEngine} from '../../data/with_engine';
import {AutofisError} from '../../errors';
import type {TableSource} from './table_source';

/**
 * The error for a value of a row: its file and line, or the number of the row where a source has no lines. Reads the
 * source again, which is rare, and saves the user a search.
 * @param row From 0.
 */
export async function rowFault(
  {source, name}: TableSource,
  row: number,
  {cure, ...fault}: Pick<Reject, 'column' | 'reason'> & {value: unknown; cure?: string},
): Promise<AutofisError> {
  return withEngine({progress: false}, async (engine, folder) => {
    const relation = await openRelation('read', source, engine, folder);
    const location = (await locateRows(engine.connection, relation, [row])).get(row)!;
    const value = typeof fault.value === 'string' ? fault.value : JSON.stringify(fault.value ?? '');
    return new AutofisError(`${rejectText({file: name, ...location, ...fault, value})}.${cure ? ` ${cure}` : ''}`);
  });
}
