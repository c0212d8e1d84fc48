import type {Live, Report, Request} from '../protocol';
import {startBackend} from './backend';
import {Session} from './session';
import {messageOf} from './table_plan';

/** The page's end. */
const page = self as unknown as {postMessage(report: Report): void, onmessage: ((event: MessageEvent) => void) | null};

async function begin(pictures: MessagePort): Promise<Session> {
  const session = new Session(report => page.postMessage(report), (live: Live) => pictures.postMessage({type: 'live', live}), await startBackend());
  await session.begin();
  return session;
}

let session: Promise<Session> | null = null;

page.onmessage = ({data}: MessageEvent<Request | {pictures: MessagePort}>) => {
  if ('pictures' in data) {
    session = begin(data.pictures);
    session.catch(error => page.postMessage({type: 'failed', message: messageOf(error)}));
    return;
  }
  void session?.then(ready => ready.answer(data));
};
