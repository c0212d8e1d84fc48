import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
  '.bin': 'application/octet-stream',
};

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A small server of static files, isolated across origins so that WebAssembly may use threads.
 *
 * @param folders The folder behind each path that ends in a slash.
 * @param pages The text of single files by their path.
 */
export async function serve(folders: Record<string, string>, pages: Record<string, string>): Promise<Site> {
  const contents = async (name: string): Promise<string | Buffer> => {
    if (name in pages) return pages[name];
    const prefix = Object.keys(folders).find(each => name.startsWith(each));
    if (prefix === undefined) throw new Error(`no folder for ${name}`);
    // A URL has no '..' left that would lead out of the folder.
    return readFile(path.join(folders[prefix], name.slice(prefix.length)));
  };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url!, 'http://site').pathname);
    const headers = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};
    contents(name).then(
      body =>
        response.writeHead(200, {...headers, 'Content-Type': TYPES[path.extname(name)] ?? TYPES['.html']}).end(body),
      () => response.writeHead(404, headers).end(),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
