import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Plugin} from 'vite';

/**
 * Writes service_worker.js beside the built page: service_worker.template.js with the list of the page's files, and a version that
 * changes when one of them does.
 */
export const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  async generateBundle(_, bundle) {
    // Workers are built by themselves and come as assets of this bundle.
    const built = Object.keys(bundle).filter(name => !name.endsWith('.map')).sort();
    const template = await readFile(path.join(import.meta.dirname, 'service_worker.template.js'), 'utf8');
    const version = createHash('sha256').update(JSON.stringify(built)).digest('hex').slice(0, 12);
    const files = ['./', ...built.filter(name => name !== 'index.html').map(name => `./${name}`), './flights.parquet'];
    this.emitFile({
      type: 'asset', fileName: 'service_worker.js',
      source: template.replace("'VERSION'", JSON.stringify(version)).replace('[/* FILES */]', JSON.stringify(files)),
    });
  },
};
