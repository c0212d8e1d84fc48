import type {Request} from '../protocol';
import type {Settings} from '../settings';
import {words} from '../strings';
import {clear, load, save} from './database';
import type {Dataset} from './dataset';
import {Control} from './live';
import {readFile} from './read_file';
import type {RetrainSnapshot} from './retraining';
import type {Snapshot} from './snapshot';
import {type Finished, type Surroundings, TabRun} from './tab_run';
import {messageOf, TablePlan} from './table_plan';

/** One tab, its table and its run: answers what the page asks. */
export class Session {
  private table: TablePlan | null = null;
  /** What the next run would be on. */
  private planned: Dataset | null = null;
  private run: TabRun | null = null;
  private control = new Control();
  private busy = false;
  private training = false;
  private readonly around: Surroundings;

  /** @param mayKeep Whether this tab may save its run: one tab at a time does. */
  constructor(
    around: Omit<Surroundings, 'keep'>,
    private readonly mayKeep: boolean,
  ) {
    this.around = {
      ...around,
      keep: async values =>
        mayKeep &&
        save(values).then(
          () => true,
          () => false,
        ),
    };
  }

  /** Tells the page what an earlier visit has saved, and shows it. */
  async begin(): Promise<void> {
    const {tell, threads} = this.around;
    let notice = this.mayKeep ? null : words.run.otherTab;
    let finished: Finished | undefined;
    if (this.mayKeep) {
      try {
        ({run: this.run, finished} = await this.restored());
      } catch (error) {
        // A run of an earlier version of this page, or one that the browser has lost a part of.
        notice = words.run.notRestored(messageOf(error));
        await clear().catch(() => undefined);
      }
    }
    tell({type: 'ready', threads, saved: this.run?.view() ?? null, notice});
    await this.run?.show(finished);
  }

  async answer(request: Request): Promise<void> {
    const {tell} = this.around;
    switch (request.type) {
      case 'pause':
        // The training may have ended while the message was on its way.
        if (this.training) this.control.pause();
        return;
      case 'resume':
        if (!this.training) return;
        this.control.resume();
        return tell({type: 'resumed'});
      case 'stop':
        return this.control.stop();
      default:
    }
    // One thing at a time: the page offers nothing else meanwhile, but a message may be on its way.
    if (this.busy) return;
    this.busy = true;
    try {
      await this.work(request);
    } catch (error) {
      tell({
        type: request.type === 'open' || request.type === 'plan' ? 'refused' : 'failed',
        message: messageOf(error),
      });
    } finally {
      this.busy = false;
    }
  }

  private async work(request: Request): Promise<void> {
    switch (request.type) {
      case 'open':
        return this.open(request);
      case 'plan': {
        this.table?.change(request.label, request.uses);
        return this.plan();
      }
      case 'start':
        return this.start(request.settings);
      case 'continue': {
        const {run} = this;
        const from = run?.interrupted;
        if (from === 'search') return this.train(() => run!.search(this.control));
        if (from === 'retrain') return this.train(() => run!.retrain(this.control));
        return;
      }
      case 'retrain':
        return this.train(async () => this.run?.retrain(this.control));
      case 'gate':
        return this.run?.setGate(request);
      case 'resetGates':
        return this.run?.setGate(null);
      case 'discard': {
        await clear();
        this.run?.dispose();
        this.run = null;
        return this.around.tell({type: 'discarded'});
      }
      default:
    }
  }

  private async open({file, name}: Request & {type: 'open'}): Promise<void> {
    this.table = this.planned = null;
    const blob = file instanceof File ? file : await sample(file.sample);
    this.table = new TablePlan(name, await readFile(blob, share => this.around.tell({type: 'reading', share})));
    this.plan();
  }

  private plan(): void {
    if (this.table === null) return;
    const {view, dataset} = this.table.make();
    this.planned = dataset;
    this.around.tell({type: 'table', table: view});
  }

  private async start(settings: Settings): Promise<void> {
    if (this.planned === null) return;
    const dataset = this.planned;
    const {tell, keep} = this.around;
    this.run?.dispose();
    this.run = new TabRun(dataset, settings, this.around);
    tell({type: 'run', run: this.run.view()});
    if (!(await keep({dataset, snapshot: undefined, retraining: undefined, finished: undefined}))) {
      tell({type: 'notice', message: this.mayKeep ? words.run.notSaved : words.run.otherTab});
    }
    await this.train(() => this.run!.search(this.control));
  }

  private async train(work: () => Promise<void>): Promise<void> {
    this.control = new Control(() => this.around.tell({type: 'paused'}));
    this.training = true;
    try {
      await work();
    } finally {
      this.training = false;
    }
  }

  private async restored(): Promise<{run: TabRun | null; finished?: Finished}> {
    const [dataset, snapshot, retraining, finished] = await Promise.all([
      load<Dataset>('dataset'),
      load<Snapshot>('snapshot'),
      load<RetrainSnapshot>('retraining'),
      load<Finished>('finished'),
    ]);
    if (dataset === undefined || snapshot === undefined) return {run: null};
    return {run: await TabRun.restore({dataset, snapshot, retraining}, this.around), finished};
  }
}

async function sample(url: string): Promise<Blob> {
  const response = await fetch(url).catch(() => null);
  if (response === null || !response.ok) throw new Error(words.file.noSample);
  return response.blob();
}
