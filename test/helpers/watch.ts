import type {Page} from 'playwright-core';

/** Long enough for any machine that does not stand still. */
const PATIENCE = 240_000;

/**
 * Waits for what a page is asked to compute. Where no answer comes, or the page crashes, the error tells what the page
 * is doing: a hang without a word can be explained by nobody.
 *
 * @param faults What the page has said so far.
 */
export async function watched<T>(
  page: Page,
  faults: readonly string[],
  what: string,
  answer: Promise<T>,
  patience = PATIENCE,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onCrash = (): void => undefined;
  const trouble = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve(`no answer in ${patience / 1000} s`), patience);
    onCrash = () => resolve('the page has crashed');
    page.once('crash', onCrash);
  });
  const found = await Promise.race([answer.then(value => ({value})), trouble.then(text => ({text}))]).finally(() => {
    clearTimeout(timer);
    page.off('crash', onCrash);
  });
  if ('value' in found) return found.value;
  throw new Error(
    [
      `${what}: ${found.text}.`,
      `Browser connected: ${page.context().browser()?.isConnected()}.`,
      `Where the page computes: ${await stackOf(page)}.`,
      `The page said: ${faults.length === 0 ? 'nothing' : faults.join('\n')}`,
    ].join('\n'),
  );
}

/** What the page's main thread is in the middle of: its functions, the innermost first. */
async function stackOf(page: Page): Promise<string> {
  const late = <T>(other: T) => new Promise<T>(resolve => setTimeout(resolve, 10_000, other));
  try {
    const session = await Promise.race([page.context().newCDPSession(page), late(null)]);
    if (session === null) return 'it does not answer';
    const paused = new Promise<string>(resolve =>
      session.once('Debugger.paused', ({callFrames}) =>
        resolve(
          callFrames
            .slice(0, 12)
            .map(({functionName, location}) => `${functionName || '(anonymous)'}:${location.lineNumber}`)
            .join(' < '),
        ),
      ),
    );
    await Promise.race([session.send('Debugger.enable').then(() => session.send('Debugger.pause')), late(null)]);
    return await Promise.race([paused, late('nowhere: it waits for something')]);
  } catch (error) {
    return `unknown (${(error as Error).message.split('\n')[0]})`;
  }
}
