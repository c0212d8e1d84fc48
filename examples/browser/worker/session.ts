import type {Report, Request} from '../protocol';
import type {Settings} from '../settings';
import {words} from '../strings';
import {load, replace, save} from './database';
import type {Dataset} from './dataset';
import {estimateOf} from './estimate';
import {Control, Stopped} from './live';
import {readFile} from './read_file';
import {type SavedRun, type Surroundings, TabRun} from './tab_run';
import {messageOf, TablePlan} from './table_plan';

/** One tab, its table and its run: answers what the page asks, one thing after the other. */
export class Session {
  private table: TablePlan | null = null;
  /** What the next run would be on. */
  private planned: Dataset | null = null;
  private run: TabRun | null = null;
  private control = new Control();
  /** The last file that was asked for. */
  private wanted: Request | null = null;
  private running = false;
  private work: Promise<void> = Promise.resolve();
  private readonly around: Surroundings;

  /** @param notSaved Why this tab saves nothing; null for one that saves. */
  constructor(
    around: Omit<Surroundings, 'keep' | 'saves'>,
    private readonly notSaved: string | null,
  ) {
    this.around = {...around, saves: notSaved === null, keep: values => this.saved(() => save(values))};
  }

  /** Tells the page what an earlier visit has saved, and shows it. */
  async begin(): Promise<void> {
    const {tell} = this.around;
    const shown: Report[] = [];
    let notice = this.notSaved;
    if (this.around.saves) {
      try {
        this.run = await this.restored();
        await this.run?.show(report => shown.push(report));
      } catch (error) {
        this.run = null;
        shown.length = 0;
        // A run of an earlier version of this page, or one that the browser has lost a part of.
        notice = words.run.notRestored(messageOf(error));
        await replace({}).catch(() => undefined);
      }
    }
    tell({type: 'ready', saved: this.run?.view() ?? null, notice});
    shown.forEach(tell);
  }

  answer(request: Request): void {
    const {tell} = this.around;
    switch (request.type) {
      case 'pause':
        // The run may have ended while the message was on its way.
        if (this.running) this.control.pause();
        return;
      case 'resume':
        if (!this.running) return;
        this.control.resume();
        return tell({type: 'resumed'});
      case 'stop':
        return this.control.stop();
      default:
        // A run can be stopped before it begins: what is asked for earlier may take a while.
        if (request.type === 'start' || request.type === 'continue')
          this.control = new Control(() => tell({type: 'paused'}));
        if (request.type === 'open') this.wanted = request;
        this.work = this.work
          .then(() => this.handle(request))
          .catch(error => {
            const refused = request.type === 'open' || request.type === 'plan' || request.type === 'estimate';
            tell({type: refused ? 'refused' : 'failed', message: messageOf(error)});
          });
    }
  }

  private async handle(request: Request): Promise<void> {
    switch (request.type) {
      case 'open':
        return this.open(request);
      case 'plan': {
        this.table?.change(request.decisions);
        return this.plan();
      }
      case 'estimate': {
        if (this.planned === null) return;
        const estimate = await estimateOf(this.planned, request.settings.effort);
        return this.around.tell({type: 'estimate', estimate});
      }
      case 'start':
        return this.start(request.settings);
      case 'continue':
        return this.select();
      case 'gate':
        return this.run?.tryGates(gates => gates.set(request.interaction, request.open));
      case 'undoGate':
        return this.run?.tryGates(gates => gates.undo());
      case 'resetGates':
        return this.run?.tryGates(gates => gates.reset());
      case 'effect':
        return this.run?.showEffect(request.fields, request.at);
      case 'row':
        return this.run?.askRow(request.ids);
      case 'discard': {
        await this.saved(() => replace({}));
        await this.run?.dispose();
        this.run = null;
        return this.around.tell({type: 'discarded'});
      }
      default:
    }
  }

  private async open(request: Request & {type: 'open'}): Promise<void> {
    const {file, name, choices} = request;
    this.table = this.planned = null;
    const isSample = !(file instanceof File);
    const blob = isSample ? await sample(file.sample) : file;
    const read = await readFile(blob, share => this.around.tell({type: 'reading', share}));
    // A run must not start on a table that another one is to replace.
    if (request !== this.wanted) return;
    this.table = new TablePlan({name, isSample, choices}, read);
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
    const {tell} = this.around;
    await this.run?.dispose();
    this.run = new TabRun(dataset, settings, this.around);
    tell({type: 'run', run: this.run.view()});
    if (!(await this.saved(() => replace({dataset, settings})))) {
      tell({type: 'notice', message: this.notSaved ?? words.run.notSaved});
    }
    await this.select();
  }

  private async select(): Promise<void> {
    this.running = true;
    try {
      await this.run?.select(this.control);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.around.tell({type: 'interrupted'});
    } finally {
      this.running = false;
    }
  }

  private async saved(work: () => Promise<void>): Promise<boolean> {
    return (
      this.around.saves &&
      work().then(
        () => true,
        () => false,
      )
    );
  }

  private async restored(): Promise<TabRun | null> {
    const names = ['dataset', 'settings', 'trace', 'decided', 'held', 'finished'] as const;
    const values = await Promise.all(names.map(name => load(name)));
    const saved = Object.fromEntries(names.map((name, i) => [name, values[i]])) as Partial<SavedRun>;
    if (saved.dataset === undefined || saved.settings === undefined) return null;
    return TabRun.restore({...saved, dataset: saved.dataset, settings: saved.settings}, this.around);
  }
}

async function sample(url: string): Promise<Blob> {
  const response = await fetch(url).catch(() => null);
  if (response === null || !response.ok) throw new Error(words.file.noSample);
  return response.blob();
}
