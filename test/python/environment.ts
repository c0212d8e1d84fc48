import {existsSync, readFileSync} from 'node:fs';

/** The Python that scripts/python.mjs provided for the requirements as they are now, or null. */
export function providedPython(): string | null {
  const pointer = 'node_modules/.cache/tfjs-autofis-python.json';
  if (!existsSync(pointer)) return null;
  const {python, requirements} = JSON.parse(readFileSync(pointer, 'utf8')) as {python: string; requirements: string};
  return requirements === readFileSync('python/requirements.txt', 'utf8') && existsSync(python) ? python : null;
}
