/**
 * Let others have their turn: timers, signals, messages of threads. Not `tf.nextFrame`, which waits for a frame: a tab
 * in the background has none.
 */
export function turnOfOthers(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
