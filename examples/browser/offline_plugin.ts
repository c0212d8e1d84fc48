import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Plugin} from 'vite';

/** What make_sample.ts has written. */
const SAMPLE = '../../runs/page/assets/flights.parquet';

/**
 * Writes service_worker.js beside the built page: service_worker.template.js with the list of the page's files, and a
 * version that changes when one of them does.
 */
export const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  // After the page itself was written.
  enforce: 'post',
  async generateBundle(_, bundle) {
    // Workers are built by themselves and come as assets of this bundle.
    const built = Object.keys(bundle)
      .filter(name => !name.endsWith('.map'))
      .sort();
    const page = bundle['index.html'];
    if (page?.type !== 'asset')
      throw new Error('offline: the bundle has no index.html. Put this plugin behind what writes it.');
    const read = (file: string) => readFile(path.join(import.meta.dirname, file));
    const template = String(await read('service_worker.template.js'));
    // The names of all others have a hash of what is in them.
    const version = createHash('sha256')
      .update(JSON.stringify(built))
      .update(page.source)
      .update(await read(SAMPLE))
      .digest('hex')
      .slice(0, 12);
    const files = [
      './',
      ...built.filter(name => name !== 'index.html').map(name => `./${name}`),
      `./${path.basename(SAMPLE)}`,
    ];
    this.emitFile({
      type: 'asset',
      fileName: 'service_worker.js',
      source: template.replace("'VERSION'", JSON.stringify(version)).replace('[/* FILES */]', JSON.stringify(files)),
    });
  },
};
