/** Milliseconds between two yields of a long loop. */
const PAUSE = 100;

/**
 * Yield to timers, signals and messages of threads. Not `tf.nextFrame`, which waits for a frame: a tab in the
 * background has none.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

/** Yields to the event loop in a long loop, once {@link PAUSE} has passed since the last time. */
export class PeriodicYield {
  private last = performance.now();

  async afterPause(): Promise<void> {
    if (performance.now() - this.last < PAUSE) return;
    await yieldToEventLoop();
    this.last = performance.now();
  }
}
