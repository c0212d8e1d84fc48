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
  'recipe',
  'search',
  'constants',
  'warnings',
  'retrain',
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
  if (version !== 1) {
    throw new AutofisError(
      `${where}: \`run\` must be of version 1. Received: ${show(version)}. Read it with the version of the ` +
        `library that wrote it.`,
    );
  }
  const absent = keys.find(key => !(key in rest));
  if (absent !== undefined)
    throw new AutofisError(`${where}: \`run\` has no \`${absent}\`. The file is damaged, or was changed by hand.`);
}
