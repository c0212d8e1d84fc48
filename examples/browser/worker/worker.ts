import type {Report, Request} from '../protocol';
import {startBackend} from './backend';
import {Session} from './session';
import {messageOf} from './table_plan';

/** The page's end. */
const page = self as unknown as {
  postMessage(report: Report): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};

/** How long a page that is loaded again waits for its predecessor to let go, in milliseconds. */
const PATIENCE = 1500;

/**
 * Whether this is the tab that saves its run; the others, opened later, do not. It stays so until the tab is closed.
 */
function holdsTheRun(): Promise<boolean> {
  return new Promise(resolve => {
    // Pages that are served without TLS have no locks.
    if (navigator.locks === undefined) return resolve(true);
    navigator.locks
      .request(
        'tfjs-autofis-run',
        {signal: AbortSignal.timeout(PATIENCE)},
        () => new Promise<void>(() => resolve(true)),
      )
      .catch(() => resolve(false));
  });
}

async function begin(): Promise<Session> {
  const [threads, mayKeep] = await Promise.all([startBackend(), holdsTheRun()]);
  const session = new Session({threads, tell: report => page.postMessage(report)}, mayKeep);
  await session.begin();
  return session;
}

const session = begin();
session.catch(error => page.postMessage({type: 'refused', message: messageOf(error)}));

page.onmessage = ({data}) =>
  void session.then(
    ready => ready.answer(data),
    () => undefined,
  );
