/** Milliseconds between the turns of others. */
const PAUSE = 100;

/**
 * Let others have their turn: timers, signals, messages of threads. Not `tf.nextFrame`, which waits for a frame: a tab
 * in the background has none.
 */
export function turnOfOthers(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

/** Turns of others in a long loop: one where the last was {@link PAUSE} ago. */
export class Turns {
  private last = performance.now();

  async give(): Promise<void> {
    if (performance.now() - this.last < PAUSE) return;
    await turnOfOthers();
    this.last = performance.now();
  }
}
