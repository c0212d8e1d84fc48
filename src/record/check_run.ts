import {AutofisError, show} from '../errors';
import type {RunRecord} from './run_record';

const keys: ReadonlyArray<keyof RunRecord> = [
  'title',
  'positive',
  'created',
  'command',
  'seed',
  'backend',
  'versions',
  'settings',
  'data',
  'selectedBy',
  'warnings',
  'selection',
  'interactions',
  'correlation',
  'models',
  'verdict',
];

/** Check that `value`, e.g. what JSON.parse gave, is a run of the version that this library writes. */
export function checkRun(where: string, value: unknown): asserts value is RunRecord {
  const {format, version, ...rest} = (value ?? {}) as Partial<RunRecord>;
  if (format !== 'tfjs-autofis-run') {
    throw new AutofisError(
      `${where}: \`run\` must be the result of recordRun, whose format is "tfjs-autofis-run". Received: ` +
        `${show(format)}.`,
    );
  }
  if (version !== 2) {
    const cure =
      (version as unknown) === 1
        ? 'Runs of version 1 chose among candidate models and cannot be converted: run `tfjs-autofis run` or ' +
          '`select` again, then `report`.'
        : 'Read it with the version of the library that wrote it.';
    throw new AutofisError(`${where}: \`run\` must be of version 2. Received: ${show(version)}. ${cure}`);
  }
  const absent = keys.find(key => !(key in rest));
  if (absent !== undefined)
    throw new AutofisError(`${where}: \`run\` has no \`${absent}\`. The file is damaged, or was changed by hand.`);
}
