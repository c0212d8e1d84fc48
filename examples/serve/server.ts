/**
 * Serves a bundle over HTTP: `node --import tsx server.ts --bundle FOLDER`; `--help` lists the settings. See
 * docs/serving.md.
 *
 * SIGTERM and SIGINT end it when the requests that are under way have been answered; a second signal ends it at once.
 */
import {whenNpmEnds} from 'tfjs-autofis/runtime';
import {serveBundle} from './app';
import {loadEngine} from './engine';
import {readSettings} from './settings';

async function main(): Promise<void> {
  const {bundle: place, host, port, backend, log, shutdownSeconds, ...limits} = readSettings(process.argv.slice(2));
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {bundle, predictIds, reason} = await loadEngine(place, backend);
  const app = serveBundle(bundle, limits, {predictIds, about: {backend: reason}, logger: {level: log}});

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    app.log.info(`${signal}: no new requests; those under way are answered`);
    setTimeout(() => {
      app.log.error(`requests were still under way after ${shutdownSeconds} s`);
      process.exit(1);
    }, 1000 * shutdownSeconds).unref();
    void app.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  whenNpmEnds(() => stop('npm has ended'));
  await app.listen({host, port});
  app.log.info(`${place} computes with ${reason}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
