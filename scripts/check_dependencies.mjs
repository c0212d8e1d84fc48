/**
 * Fails where package-lock.json has a version with a known advisory: by `npm audit` where the registry answers, else by
 * scripts/advisories.json. What that file accepts, with its reason, does not fail.
 *
 *     npm run check:dependencies [-- --listed] [-- --lock FILE]
 *
 * `--listed` does not ask the registry.
 */
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {run} from './processes.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const {listed, accepted} = JSON.parse(fs.readFileSync(path.join(root, 'scripts/advisories.json'), 'utf8'));

/** Whether a version comes before another one. */
function isBelow(version, other) {
  const [a, b] = [version, other].map(text => text.split(/[.+-]/).slice(0, 3).map(Number));
  const i = a.findIndex((part, k) => part !== b[k]);
  return i >= 0 && a[i] < b[i];
}

/** Packages of a lock with an advisory of the list: "minimist 1.2.5: GHSA-...". */
function byList(lock) {
  return Object.entries(JSON.parse(fs.readFileSync(lock, 'utf8')).packages).flatMap(([folder, {version}]) => {
    const name = folder.split('node_modules/').pop();
    return listed
      .filter(flaw => flaw.name === name && isBelow(version, flaw.fixed) && !isBelow(version, flaw.from ?? '0.0.0'))
      .map(({advisory}) => ({name, advisory, text: `${name} ${version} (${folder}): ${advisory}`}));
  });
}

/** The same by the registry; null where it does not answer. */
async function byAudit() {
  const {out} = await run('npm', ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=10000'], {
    cwd: root,
    shell: process.platform === 'win32',
  });
  try {
    const {vulnerabilities} = JSON.parse(out);
    return Object.entries(vulnerabilities).flatMap(([name, {via}]) =>
      via
        .filter(cause => typeof cause === 'object')
        .map(({url, title}) => ({name, advisory: url.split('/').pop(), text: `${name}: ${title} (${url})`})),
    );
  } catch {
    return null;
  }
}

const {values} = parseArgs({options: {listed: {type: 'boolean'}, lock: {type: 'string'}}});
const lock = values.lock ?? path.join(root, 'package-lock.json');
const audited = values.listed || values.lock ? null : await byAudit();
const bad = (audited ?? byList(lock)).filter(
  ({name, advisory}) => !accepted.some(known => known.name === name && known.advisories.includes(advisory)),
);
console.log(`dependencies checked by ${audited === null ? 'scripts/advisories.json' : 'npm audit'}`);
if (bad.length > 0) {
  console.error(bad.map(({text}) => text).join('\n'));
  console.error('Install versions without these advisories, or accept them in scripts/advisories.json with a reason.');
  process.exitCode = 1;
}
