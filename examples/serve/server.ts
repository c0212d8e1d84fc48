/**
 * Serves a bundle over HTTP: `node --import tsx server.ts --bundle FOLDER`; `--help` lists the settings. See
 * docs/serving.md.
 *
 * SIGHUP, or a new bundle in the folder, lets the new bundle answer. SIGTERM and SIGINT end the server when the
 * requests that are under way have been answered; a second signal ends it at once.
 */
import {serveBundle} from './app';
import {engineLoader} from './engine';
import {Reloader} from './reload';
import {Serving} from './serving';
import {readSettings} from './settings';
import {FolderWatch, folderStamp} from './watch';
import {whenNpmEnds} from 'tfjs-autofis/runtime';

async function main(): Promise<void> {
  const {
    bundle: place,
    host,
    port,
    backend,
    log,
    shutdownSeconds,
    watchSeconds,
    ...limits
  } = readSettings(process.argv.slice(2));
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const load = engineLoader(place, backend);
  const stamp = await folderStamp(place);
  const serving = new Serving(await load(), limits);
  const app = serveBundle(serving, limits, {level: log});

  const reloader = new Reloader({load, serving, log: app.log});
  process.on('SIGHUP', () => void reloader.reload('SIGHUP'));
  // A URL has no stamp.
  const watches = stamp !== '' && watchSeconds > 0;
  const unwatch = watches
    ? new FolderWatch(place, stamp).every(
        watchSeconds,
        () => void reloader.reload(`${place} has changed`),
        (message, isNew) => reloader.unreadable(message, isNew),
      )
    : () => {};

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    unwatch();
    app.log.info(`${signal}: no new requests; those under way are answered`);
    setTimeout(() => {
      app.log.error(`requests were still under way after ${shutdownSeconds} s`);
      process.exit(1);
    }, 1000 * shutdownSeconds).unref();
    void app.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  whenNpmEnds(() => {
    // After a signal to all of them npm, or the shell that it started, may be the first to end.
    if (!stopping) stop('npm has ended');
  });
  await app.listen({host, port});
  const {bundle, reason} = serving.engine;
  app.log.info(`${place}: the bundle ${bundle.hash} computes with ${reason}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
