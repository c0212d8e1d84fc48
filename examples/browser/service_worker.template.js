/* Keeps the page's own files, so that it works without a network after its first load. It asks for nothing else. */
const VERSION = 'VERSION';
const FILES = [/* FILES */];
const CACHE = `tfjs-autofis-${VERSION}`;

self.addEventListener('install', event => {
  event.waitUntil(keepFiles().then(() => self.skipWaiting()));
});

self.addEventListener('activate', event => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', event => {
  if (event.request.method !== 'GET' || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(answer(event.request));
});

async function keepFiles() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map(file => new Request(file, {cache: 'reload'})));
}

/** Deletes what other versions of the page have kept. */
async function dropOthers() {
  const names = await caches.keys();
  const others = names.filter(name => name.startsWith('tfjs-autofis-') && name !== CACHE);
  await Promise.all(others.map(name => caches.delete(name)));
}

async function answer(request) {
  const cache = await caches.open(CACHE);
  // The settings of a link follow the ?; the page is the same.
  const kept = await cache.match(request.mode === 'navigate' ? './' : request, {ignoreSearch: true});
  return isolated(kept ?? (await fetch(request)));
}

/**
 * With the headers that threads need, for servers that do not send them, and with one that keeps workers from asking
 * elsewhere: the policy in index.html is the page's alone.
 */
function isolated(response) {
  if (response.status === 0 || response.type === 'opaque') return response;
  const headers = new Headers(response.headers);
  headers.set('Content-Security-Policy', "connect-src 'self'");
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, {status: response.status, statusText: response.statusText, headers});
}
