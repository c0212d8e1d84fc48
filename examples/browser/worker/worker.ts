import type {Report, Request} from '../protocol';
import {words} from '../strings';
import {startBackend} from './backend';
import {load} from './database';
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

/** Why this tab saves nothing; null for one that saves. */
async function whyNotSaved(): Promise<string | null> {
  try {
    await load('settings');
  } catch {
    return words.run.notSaved;
  }
  return (await holdsTheRun()) ? null : words.run.otherTab;
}

async function begin(): Promise<Session> {
  const [threads, notSaved] = await Promise.all([startBackend(), whyNotSaved()]);
  const session = new Session({threads, tell: report => page.postMessage(report)}, notSaved);
  await session.begin();
  return session;
}

const refuse = (error: unknown) => page.postMessage({type: 'refused', message: messageOf(error)});
const session = begin();
session.catch(refuse);

page.onmessage = ({data}) => void session.then(ready => ready.answer(data), refuse);
