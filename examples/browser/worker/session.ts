import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {recordRun, StageRecorder, type LabeledRows, type Selection} from 'tfjs-autofis';
import type {Live as LivePictures, Measured, Report, Request, RunView} from '../protocol';
import type {Settings} from '../settings';
import {words} from '../strings';
import {clear, load, save} from './database';
import {type Dataset, fieldsOf, tensorsOf, valueNames} from './dataset';
import {filesOf, type NamedFile} from './files';
import {GatesByHand} from './gates_by_hand';
import {keptOf} from './kept';
import {Control} from './live';
import {readFile} from './read_file';
import {retrain} from './retraining';
import {alphasOf, buildModel, dispose, gatesOf, runSearch, stepsOf} from './searching';
import {copyModel, copyState, pasteModel, pasteState, type Snapshot} from './snapshot';
import {messageOf, TablePlan} from './table_plan';

/** What is saved of a finished run. */
interface Finished {
  before: Measured;
  after: Measured;
  run: ReturnType<typeof recordRun>;
  files: NamedFile[];
}

/** How often the page hears of a training, and the worker that draws, in milliseconds. */
const TOLD_EVERY = 100, DRAWN_EVERY = 400;

/** One table and one run of a tab: answers what the page asks. */
export class Session {
  private table: TablePlan | null = null;
  private dataset: Dataset | null = null;
  private settings: Settings | null = null;
  private control = new Control();
  private busy = false;
  private model: tfl.LayersModel | null = null;
  private snapshot: Snapshot | null = null;
  private byHand: GatesByHand | null = null;
  private validation: LabeledRows | null = null;

  constructor(private readonly tell: (report: Report) => void, private readonly draw: (live: LivePictures) => void, private readonly threads: number) {}

  /** Tells the page what an earlier visit has saved, and shows it. */
  async begin(): Promise<void> {
    const snapshot = await load<Snapshot>('snapshot').catch(() => undefined), dataset = await load<Dataset>('dataset').catch(() => undefined);
    if (snapshot === undefined || dataset === undefined) return this.tell({type: 'ready', threads: this.threads, saved: null});
    this.dataset = dataset;
    this.settings = snapshot.settings;
    this.snapshot = snapshot;
    this.model = buildModel(dataset, snapshot.settings);
    await pasteModel(this.model, snapshot.model);
    this.tell({type: 'ready', threads: this.threads, saved: this.view()});
    this.showSaved(snapshot);
    if (snapshot.stage === 'searching') return;
    await this.showSearched(snapshot);
    const finished = await load<Finished>('finished');
    if (snapshot.stage === 'finished' && finished !== undefined) this.tell({type: 'finished', ...finished});
  }

  async answer(request: Request): Promise<void> {
    switch (request.type) {
      case 'pause': this.control.pause(); return this.tell({type: 'paused'});
      case 'resume': this.control.resume(); return this.tell({type: 'resumed'});
      case 'stop': return this.control.stop();
      default:
    }
    // One thing at a time: the page offers nothing else meanwhile, but a message may be on its way.
    if (this.busy) return;
    this.busy = true;
    try {
      await this.work(request);
    } catch (error) {
      this.tell({type: request.type === 'open' ? 'refused' : 'failed', message: messageOf(error)});
    } finally {
      this.busy = false;
    }
  }

  private async work(request: Request): Promise<void> {
    switch (request.type) {
      case 'open': return this.open(request);
      case 'plan': {
        this.table?.change(request.label, request.uses);
        return this.plan();
      }
      case 'start': return this.start(request.settings);
      case 'continue': return this.goOn();
      case 'retrain': return this.retrain();
      case 'gate': {
        this.byHand!.set(request.gate, request.interaction, request.open);
        return this.tell({type: 'whatIf', whatIf: await this.byHand!.state()});
      }
      case 'resetGates': {
        this.byHand!.reset();
        return this.tell({type: 'whatIf', whatIf: await this.byHand!.state()});
      }
      case 'discard': {
        await clear();
        this.forget();
        return this.tell({type: 'discarded'});
      }
      default:
    }
  }

  private async open({file, name}: Request & {type: 'open'}): Promise<void> {
    const blob = file instanceof File ? file : await sample(file.sample);
    this.table = new TablePlan(name, await readFile(blob, share => this.tell({type: 'reading', share})));
    this.plan();
  }

  private plan(): void {
    if (this.table === null) return;
    const {view, dataset} = this.table.make();
    this.dataset = dataset;
    this.tell({type: 'table', table: view});
  }

  private async start(settings: Settings): Promise<void> {
    if (this.dataset === null) return;
    const {dataset} = this;
    this.forget();
    this.dataset = dataset;
    this.settings = settings;
    await clear().catch(() => undefined);
    await save({dataset}).catch(error => this.tell({type: 'failed', message: words.run.notSaved(messageOf(error))}));
    this.model = buildModel(this.dataset, settings);
    this.tell({type: 'run', run: this.view()});
    await this.search(null);
  }

  private async goOn(): Promise<void> {
    if (this.snapshot?.stage === 'searching') await this.search(this.snapshot);
  }

  private async search(from: Snapshot | null): Promise<void> {
    const [model, dataset, settings] = [this.model!, this.dataset!, this.settings!];
    this.control = new Control();
    let told = 0, drawn = 0, stepsDone = 0;
    const {search, recorder} = await runSearch(model, dataset, settings, this.control, from, {
      moved: (progress, {record}) => {
        const now = performance.now(), last = progress.step === progress.steps;
        stepsDone = progress.step;
        if (now - told >= TOLD_EVERY || last) this.tell({type: 'progress', progress});
        if (now - told >= TOLD_EVERY) told = now;
        if (now - drawn < DRAWN_EVERY && !last) return;
        this.draw({record, selection: []});
        drawn = now;
      },
      passed: async (pass, auc, copy, state) => {
        this.snapshot = {settings, stage: 'searching', passes: pass, model: copy, recorder: state, warnings: [], selection: null, stoppedAt: null};
        const saved = await this.keep({snapshot: this.snapshot});
        this.tell({type: 'pass', pass, auc, saved});
      },
    });
    const snapshot: Snapshot = {
      settings, stage: 'searched', passes: settings.passes, model: await copyModel(model), recorder: await copyState(recorder.state()),
      warnings: search.warnings, selection: search.selection, stoppedAt: this.control.stopped && stepsDone < stepsOf(dataset, settings.passes) ? stepsDone : null,
    };
    this.snapshot = snapshot;
    await this.keep({snapshot});
    this.draw({record: recorder.record, selection: search.selection});
    await this.showSearched(snapshot);
  }

  private async showSearched({selection, stoppedAt, warnings}: Snapshot): Promise<void> {
    this.validation ??= tensorsOf(this.dataset!.valid, this.dataset!.width);
    this.byHand = new GatesByHand(this.model!, this.validation);
    this.tell({type: 'searched', kept: keptOf(selection!, this.dataset!), stoppedAt, warnings, whatIf: await this.byHand.state()});
  }

  private showSaved({recorder: state, passes, selection}: Snapshot): void {
    const recorder = new StageRecorder(), steps = stepsOf(this.dataset!, this.settings!.passes);
    recorder.setState(pasteState(state));
    const {record} = recorder, {alpha, epochs, loss} = record;
    if (alpha === null) return;
    this.tell({type: 'progress', progress: {
      step: record.steps, steps, alpha: alphasOf(this.model!), closedAt: alpha.closedAt, threshold: alpha.points[alpha.points.length - 1]?.threshold ?? 0,
      loss: loss[loss.length - 1]?.loss ?? null, auc: epochs[epochs.length - 1]?.logs['val_auc'] ?? null, stepsPerSecond: 0, secondsLeft: Infinity,
    }});
    epochs.slice(0, passes).forEach(({epoch, logs}) => this.tell({type: 'pass', pass: epoch, auc: logs['val_auc'], saved: true}));
    this.draw({record, selection: selection ?? []});
  }

  private async retrain(): Promise<void> {
    const [model, dataset, settings, snapshot] = [this.model!, this.dataset!, this.settings!, this.snapshot!];
    this.control = new Control();
    const selection = this.byHand!.selection();
    const {slim, recorder, records, measured} = await retrain(model, selection, dataset, settings, this.control, words.result.models,
        (role, step, steps) => this.tell({type: 'retraining', model: role, step, steps}));
    const run = this.record(selection, snapshot, recorder, [records.before, records.after]);
    const finished: Finished = {...measured, run, files: await filesOf(slim, dataset, selection, run)};
    slim.dispose();
    this.snapshot = {...snapshot, stage: 'finished'};
    await this.keep({snapshot: this.snapshot, finished});
    this.tell({type: 'finished', ...finished});
  }

  private record(selection: Selection, snapshot: Snapshot, retrainRecorder: StageRecorder, models: Parameters<typeof recordRun>[0]['models']): Finished['run'] {
    const dataset = this.dataset!, settings = this.settings!, {train, valid, test, fitted, name} = dataset;
    const recorder = new StageRecorder();
    recorder.setState(pasteState(snapshot.recorder));
    return recordRun({
      title: words.report.title(name), positive: words.report.positive(fitted.schema.label!.column), fields: fieldsOf(dataset),
      valueNames: valueNames(fitted), train, validation: valid, test, source: name, search: recorder.record, retrain: retrainRecorder.record,
      selection, warnings: snapshot.warnings, models, settings: {...settings}, seed: settings.seed, backend: `wasm, ${this.threads} threads, in a browser`,
      versions: {'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers},
    });
  }

  private view(): RunView {
    const {snapshot} = this;
    return {
      data: this.dataset!.name, settings: this.settings!, gates: gatesOf(this.model!), stage: snapshot?.stage ?? 'searching',
      steps: stepsOf(this.dataset!, this.settings!.passes), savedPasses: snapshot?.passes ?? 0,
    };
  }

  /** Whether it could be saved; a browser may have no room or not allow it. */
  private async keep(values: {[key: string]: unknown}): Promise<boolean> {
    return save(values).then(() => true, () => false);
  }

  private forget(): void {
    this.model?.dispose();
    if (this.validation !== null) dispose(this.validation);
    this.model = this.snapshot = this.byHand = this.validation = null;
  }
}

async function sample(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(words.file.noSample);
  return response.blob();
}
