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
  'decision',
  'copied',
  'warnings',
  'selection',
  'interactions',
  'models',
  'inspection',
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
  if (version !== 4)
    throw new AutofisError(
      `${where}: \`run\` must be of version 4. Received: ${show(version)}. \`tfjs-autofis report FOLDER\` writes it ` +
        'again from the folder of its run.',
    );
  const absent = keys.find(key => !(key in rest));
  if (absent !== undefined)
    throw new AutofisError(`${where}: \`run\` has no \`${absent}\`. The file is damaged, or was changed by hand.`);
}
