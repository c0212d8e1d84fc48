import {AutofisError, show} from '../../errors';

/** Check that an option names a column. */
export function checkName(where: string, option: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new AutofisError(
    `${where}: \`${option}\` must be a column. Received: ${show(name)}. The columns are: ${names.join(', ')}.`,
  );
}
