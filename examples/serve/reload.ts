import type {Engine} from './engine';
import type {Serving} from './serving';

export interface ReloaderArgs {
  load(): Promise<Engine>;
  serving: Serving;
  log: {info(text: string): void; error(text: string): void};
}

/** Loads a bundle again while the old one answers, then lets the new one answer. A broken bundle changes nothing. */
export class Reloader {
  private loading: Promise<void> | null = null;
  private isAsked = false;

  constructor(private readonly args: ReloaderArgs) {}

  /**
   * Loads once more; asked during a load, once more after it, since the bundle may have changed in between.
   *
   * @param why The start of the log's line.
   */
  reload(why: string): Promise<void> {
    this.isAsked = true;
    this.loading ??= this.run(why);
    return this.loading;
  }

  /** Counts a look at a folder that this process may not read, and logs the first of several. */
  unreadable(message: string, isNew: boolean): void {
    const {serving, log} = this.args;
    serving.metrics.reloaded('unreadable');
    if (isNew) log.error(`the bundle's folder cannot be read, ${serving.engine.bundle.hash} keeps serving: ${message}`);
  }

  private async run(why: string): Promise<void> {
    while (this.isAsked) {
      this.isAsked = false;
      await this.once(why);
    }
    this.loading = null;
  }

  private async once(why: string): Promise<void> {
    const {load, serving, log} = this.args;
    let engine: Engine;
    try {
      engine = await load();
    } catch (error) {
      serving.metrics.reloaded('failed');
      log.error(
        `${why}: the bundle cannot be loaded, ${serving.engine.bundle.hash} keeps serving: ${(error as Error).message}`,
      );
      return;
    }
    const left = serving.replace(engine);
    serving.metrics.reloaded('done');
    log.info(`${why}: the bundle ${engine.bundle.hash} computes with ${engine.reason}`);
    await left;
  }
}
