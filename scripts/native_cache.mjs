/**
 * The per-user cache of built TensorFlow runtimes. An entry is a folder that is either whole or not
 * there: it is built in a sibling folder `<entry>.partial-<host>-<pid>` and renamed at the end.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MANIFEST = 'entry.json';
const DAY_MS = 24 * 3600 * 1000;
const host = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);

/** The folder of all entries: TFJS_AUTOFIS_CACHE, else the platform's per-user cache folder. */
export function cacheRoot(env = process.env) {
  const home = os.homedir();
  const usual = {
    win32: env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'),
    darwin: path.join(home, 'Library', 'Caches'),
  };
  const base = env.TFJS_AUTOFIS_CACHE || env.XDG_CACHE_HOME || (usual[process.platform] ?? path.join(home, '.cache'));
  return path.resolve(base, 'tfjs-autofis');
}

/** The folder in which this process builds `entry`. */
export function partialOf(entry) {
  return `${entry}.partial-${host}-${process.pid}`;
}

/** Removes a folder; what cannot be removed now is left to the next run. */
export function remove(folder) {
  try {
    fs.rmSync(folder, {recursive: true, force: true, maxRetries: 3, retryDelay: 100});
  } catch {
    // A stopped child may still have been writing; removeLeftovers() tries again.
  }
}

function partials(entry) {
  const prefix = `${path.basename(entry)}.partial-`;
  let names;
  try {
    names = fs.readdirSync(path.dirname(entry));
  } catch {
    return [];
  }
  return names
    .filter(name => name.startsWith(prefix))
    .map(name => {
      const [owner, pid] = name.slice(prefix.length).split('-');
      return {folder: path.join(path.dirname(entry), name), here: owner === host, pid: Number(pid)};
    });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function age(folder) {
  try {
    return Date.now() - fs.statSync(folder).mtimeMs;
  } catch {
    return Infinity;
  }
}

/**
 * Removes what killed runs left: on this host, folders of dead processes and of this very process
 * id (in a container ids repeat); of other hosts that share the folder, those a day old.
 */
export function removeLeftovers(entry) {
  for (const {folder, here, pid} of partials(entry)) {
    const dead = here ? pid === process.pid || !isAlive(pid) : age(folder) > DAY_MS;
    if (dead) remove(folder);
  }
}

/** True while another process of this host builds `entry`: builders touch their folder each second. */
export function isBeingBuilt(entry) {
  return partials(entry).some(
    ({folder, here, pid}) => here && pid !== process.pid && isAlive(pid) && age(folder) < 30_000,
  );
}

/** Shows others that a build goes on; returns the function that ends it. */
export function heartbeat(partial) {
  const timer = setInterval(() => {
    try {
      fs.utimesSync(partial, new Date(), new Date());
    } catch {
      // The folder has been renamed or removed: the build is at its end.
    }
  }, 1000);
  timer.unref();
  return () => clearInterval(timer);
}

function filesUnder(folder, inside = '') {
  return fs.readdirSync(path.join(folder, inside), {withFileTypes: true}).flatMap(item => {
    const name = path.join(inside, item.name);
    return item.isDirectory() ? filesUnder(folder, name) : [name];
  });
}

/** Makes the partial folder the entry; an intact one stays, as another run was first, unless it is to be replaced. */
export function publish(partial, entry, replace = false) {
  const files = Object.fromEntries(filesUnder(partial).map(name => [name, fs.statSync(path.join(partial, name)).size]));
  fs.writeFileSync(path.join(partial, MANIFEST), JSON.stringify({files}, null, 1));
  if (replace || !isIntact(entry)) moveAside(entry);
  try {
    fs.renameSync(partial, entry);
  } catch (error) {
    remove(partial);
    if (!isIntact(entry)) throw error;
  }
  remove(asideOf(entry));
}

/** True when the entry is there and each of its files has the size it was written with. */
export function isIntact(entry) {
  try {
    const {files} = JSON.parse(fs.readFileSync(path.join(entry, MANIFEST), 'utf8'));
    return Object.entries(files).every(([name, size]) => fs.statSync(path.join(entry, name)).size === size);
  } catch {
    return false;
  }
}

const asideOf = entry => `${partialOf(entry)}-old`;

/** Takes an entry away at once, since removing its files takes a while. */
function moveAside(entry) {
  try {
    fs.renameSync(entry, asideOf(entry));
  } catch {
    // There is none.
  }
}

/** Removes an entry. */
export function discard(entry) {
  moveAside(entry);
  remove(asideOf(entry));
}
