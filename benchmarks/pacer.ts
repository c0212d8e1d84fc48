import readline from 'node:readline';
import process from 'node:process';

/** What the command asks of a contestant: n steps, or n calls of the thing called `what`. */
export interface Request {
  run: number;
  what?: string;
}

/** What a contestant answers. */
export interface Reply {
  /** Milliseconds of each step. */
  ms: number[];
  losses: number[];
  info?: Record<string, number>;
}

/**
 * A contestant's side of the talk with the command: gives one step after the other free and measures it.
 * `while (await pacer.step()) pacer.loss(train());` computes only while a request is open.
 */
export class Pacer {
  what = '';
  private readonly lines = readline.createInterface({input: process.stdin})[Symbol.asyncIterator]();
  private remaining = 0;
  private started = 0;
  private reply: Reply = {ms: [], losses: []};

  /** @param info Figures of the process to send with each answer. */
  constructor(private readonly info?: () => Record<string, number>) {}

  /** Tells the command that the contestant has loaded; `about` names its versions. */
  ready(about: Record<string, string> = {}): void {
    process.stdout.write(`${JSON.stringify({ready: about})}\n`);
  }

  /**
   * Ends the step under way, if there is one, and resolves when the next may start; false when the command has ended.
   */
  async step(): Promise<boolean> {
    if (this.remaining > 0) {
      this.reply.ms.push(performance.now() - this.started);
      this.remaining--;
      if (this.remaining === 0) {
        process.stdout.write(`${JSON.stringify({...this.reply, info: this.info?.()})}\n`);
        this.reply = {ms: [], losses: []};
      }
    }
    if (this.remaining === 0) {
      const {value, done} = (await this.lines.next()) as IteratorResult<string, string>;
      if (done === true) return false;
      const request = JSON.parse(value) as Request;
      this.remaining = request.run;
      this.what = request.what ?? '';
    }
    this.started = performance.now();
    return true;
  }

  loss(value: number): void {
    this.reply.losses.push(value);
  }
}
